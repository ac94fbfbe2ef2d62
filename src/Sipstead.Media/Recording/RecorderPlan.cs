namespace Sipstead.Media.Recording;

/// <summary>Which track goes to which channel of a recording.</summary>
public enum RecordingLayout
{
    /// <summary>One channel: what the party says (BXML, Record).</summary>
    Party,

    /// <summary>One channel: what the party says and is sent, mixed. Of a conference, its mix.</summary>
    Mixed,

    /// <summary>Two channels: the first what the party says, the second what it is sent (BXML, StartRecording multiChannel).</summary>
    Separate,
}

/// <summary>Why a recording ended.</summary>
public enum RecorderEnd
{
    /// <summary>It was asked to.</summary>
    Stopped,

    /// <summary>It is as long as it may be.</summary>
    MaximumDuration,

    /// <summary>Nobody spoke for so long.</summary>
    Silence,

    /// <summary>The disk took the audio slower than it came; what came before is there.</summary>
    Overrun,

    /// <summary>No more octets may be stored; what came before is there.</summary>
    NoRoom,

    /// <summary>The file could not be written.</summary>
    WriteFailed,
}

/// <summary>What is recorded, and how long.</summary>
public sealed record RecorderPlan
{
    public required RecordingLayout Layout { get; init; }

    /// <summary>Ends the recording.</summary>
    public required TimeSpan MaximumDuration { get; init; }

    /// <summary>So much silence of the party ends the recording; zero for none.</summary>
    public TimeSpan SilenceTimeout { get; init; }

    /// <summary>Asked on the writing thread before that many octets are stored; false ends the recording.</summary>
    public Func<int, bool>? MayStore { get; init; }

    /// <summary>Called once when the recording ends by itself, on the media clock's or the writing thread: must not block.</summary>
    public Action<RecorderEnd>? Ended { get; init; }

    /// <summary>Channels of the file.</summary>
    public int Channels => Layout == RecordingLayout.Separate ? 2 : 1;
}

/// <summary>What became of a recording.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Duration">Of what is in the file.</param>
/// <param name="Octets">Of the file.</param>
public sealed record RecorderResult(RecorderEnd End, TimeSpan Duration, long Octets);
