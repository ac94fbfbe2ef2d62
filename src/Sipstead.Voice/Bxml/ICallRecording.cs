using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Bxml;

/// <summary>What verbs may ask of the recordings of what they run on.</summary>
internal interface ICallRecording
{
    /// <summary>Begins a recording that its verb ends (Record).</summary>
    IRunningRecording Record(RecordingWish wish);

    /// <summary>Begins a recording that goes on behind its verb, unless there is such a one (StartRecording).</summary>
    void Start(RecordingWish wish);

    /// <summary>Leaves out what comes from now on of what <see cref="Start"/> began; nothing without it.</summary>
    void Pause();

    /// <summary>Goes on with it.</summary>
    void Resume();

    /// <summary>Ends it, also a paused one.</summary>
    void Stop();
}

/// <summary>A recording that a verb waits for.</summary>
internal interface IRunningRecording
{
    /// <summary>Done when the recording ended, by itself or by <see cref="Stop"/>.</summary>
    Task Ended { get; }

    /// <summary>Where its audio will be.</summary>
    string MediaUrl { get; }

    /// <summary>Ends it. Gives what is known of it at its end, however it ended.</summary>
    RecordingDetails Stop();
}
