namespace Sipstead.MediaLoad;

/// <summary>A server that connects parties.</summary>
internal interface ICallServer : IAsyncDisposable
{
    /// <summary>Whether a party hears several others at once.</summary>
    bool IsMixing { get; }

    /// <summary>Parties of so many calls.</summary>
    int LegsOf(int calls);

    Task ConnectAsync(int calls, CancellationToken cancellation);

    Task DisconnectAsync(CancellationToken cancellation);
}
