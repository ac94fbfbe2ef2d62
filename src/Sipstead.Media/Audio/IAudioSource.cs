namespace Sipstead.Media.Audio;

/// <summary>Where audio comes from: pulled one frame at a time by the media clock, in <see cref="AudioFormat"/>.</summary>
public interface IAudioSource
{
    /// <summary>
    /// Fills a frame from its start and returns the samples written; fewer than asked for, also none, end the source. Called on the media clock's
    /// thread: must not block, allocate or throw.
    /// </summary>
    int Read(Span<short> frame);
}

/// <summary>Where audio goes: given one frame at a time by the media clock, in <see cref="AudioFormat"/>.</summary>
public interface IAudioSink
{
    /// <summary>Takes a frame, valid during the call only. Called on the media clock's thread: must not block, allocate or throw.</summary>
    void Write(ReadOnlySpan<short> frame);
}
