namespace Sipstead.Voice.Transcribing;

/// <summary>
/// The room of the server for live transcriptions: so many tracks at once, and of their utterances so many in the engine, which recordings need as well.
/// Thread-safe.
/// </summary>
#pragma warning disable CA1001 // a semaphore whose handle nobody asks for holds nothing to free
internal sealed class LiveTracks(int maximum)
#pragma warning restore CA1001
{
    /// <summary>Half of what may wait for the engine.</summary>
    private const int MaximumInEngine = 32;

    private readonly SemaphoreSlim _engine = new(MaximumInEngine);
    private readonly Lock _lock = new();
    private int _count;

    /// <summary>Takes room for tracks, to be given back; false when there is not enough.</summary>
    public bool TryTake(int tracks)
    {
        lock (_lock)
        {
            if (_count + tracks > maximum) return false;
            _count += tracks;
            return true;
        }
    }

    public void Return(int tracks)
    {
        lock (_lock) _count -= tracks;
    }

    /// <summary>Waits for a turn at the engine, to be ended with <see cref="LeaveEngine"/>.</summary>
    public Task EnterEngineAsync(CancellationToken cancellationToken) => _engine.WaitAsync(cancellationToken);

    public void LeaveEngine() => _engine.Release();
}
