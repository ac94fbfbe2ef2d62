namespace Sipstead.Voice.Calls;

/// <summary>By what a key press came.</summary>
internal enum KeyPath
{
    /// <summary>telephone-event, or tones in the audio.</summary>
    Media,

    /// <summary>SIP INFO.</summary>
    Info,
}

/// <summary>
/// Makes one press of each key that a device tells of twice, by telephone-event and by INFO (MED-07). A press that came by the other path a moment ago is
/// the same; a device that was once seen to do that is heard by telephone-event alone. On the call's mailbox.
/// </summary>
internal sealed class KeyPresses(TimeProvider time)
{
    /// <summary>How far apart the two may be: INFO is often sent when the key is let go.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>Presses that wait for their double; far more than anybody presses in that time.</summary>
    private const int Capacity = 64;

    private readonly List<(KeyPath Path, char Key, long At)> _single = [];
    private bool _tellsTwice;

    /// <summary>Takes what came. False when the same press came before.</summary>
    public bool IsNew(KeyPath path, char key)
    {
        _single.RemoveAll(press => time.GetElapsedTime(press.At) > Window);
        var same = _single.FindIndex(press => press.Path != path && press.Key == key);
        if (same >= 0)
        {
            _tellsTwice = true;
            _single.RemoveAt(same);
            return false;
        }

        if (_tellsTwice) return path == KeyPath.Media;
        if (_single.Count == Capacity) _single.RemoveAt(0);
        _single.Add((path, key, time.GetTimestamp()));
        return true;
    }
}
