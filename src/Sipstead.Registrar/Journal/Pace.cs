namespace Sipstead.Registrar.Journal;

/// <summary>
/// Leaves the core to receiving threads while much is done in the background: after each piece of about a millisecond a pause of several times as long.
/// </summary>
internal sealed class Pace(TimeProvider time)
{
    /// <summary>A pause to the time that the piece before it took.</summary>
    private const int Ratio = 5;

    private static readonly TimeSpan Piece = TimeSpan.FromMilliseconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private bool _hurries;
    private long _since;

    /// <summary>Begins a piece.</summary>
    public void Begin() => _since = time.GetTimestamp();

    /// <summary>Pauses when the piece has been long enough, and begins the next. Called often, with no lock held.</summary>
    public void Rest()
    {
        var took = time.GetElapsedTime(_since);
        if (took < Piece) return;
        var pause = Math.Clamp(Math.Ceiling(took.TotalMilliseconds * Ratio), 1, LongestPause.TotalMilliseconds);
        lock (_gate)
        {
            if (!_hurries) Monitor.Wait(_gate, (int)pause);
        }

        Begin();
    }

    /// <summary>No pauses any more: somebody waits.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            _hurries = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Pauses again.</summary>
    public void Walk()
    {
        lock (_gate) _hurries = false;
    }
}
