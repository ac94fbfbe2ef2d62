namespace Sipstead.Provisioning.Store;

/// <summary>The database cannot be used for now: nothing was changed, and the same request may work later (HTTP 503).</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Seconds after which a client may try again.</summary>
    public const int RetryAfter = 5;

    /// <summary>Says why.</summary>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came from.</summary>
    public StoreUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
