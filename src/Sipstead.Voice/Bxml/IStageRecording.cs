using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Bxml;

/// <summary>What verbs may ask of the one recording of a call or conference that goes on behind its verb (bxml.md 6.2).</summary>
internal interface IStageRecording
{
    /// <summary>Begins it, unless there is such a one (StartRecording).</summary>
    void Start(RecordingWish wish);

    /// <summary>Leaves out what comes from now on of what <see cref="Start"/> began; nothing without it.</summary>
    void Pause();

    /// <summary>Goes on with it.</summary>
    void Resume();

    /// <summary>Ends it, also a paused one.</summary>
    void Stop();
}
