using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Bxml;

/// <summary>What verbs may ask of the recordings of the call that they run on.</summary>
internal interface ICallRecording : IStageRecording
{
    /// <summary>Begins a recording that its verb ends (Record).</summary>
    IRunningRecording Record(RecordingWish wish);
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
