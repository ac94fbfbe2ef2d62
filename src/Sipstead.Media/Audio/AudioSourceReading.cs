using Microsoft.Extensions.Logging;

namespace Sipstead.Media.Audio;

/// <summary>How the media clock reads sources that may be anybody's.</summary>
internal static class AudioSourceReading
{
    /// <summary>Reads a frame. A source that fails, which is logged, has ended, and none writes more samples than the frame has.</summary>
    public static int ReadOrEnd(this IAudioSource source, Span<short> frame, ILogger logger)
    {
        try
        {
            return Math.Clamp(source.Read(frame), 0, frame.Length);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            MediaLog.SourceFailed(logger, e);
            return 0;
        }
    }
}
