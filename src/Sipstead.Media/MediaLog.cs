using Microsoft.Extensions.Logging;

namespace Sipstead.Media;

/// <summary>Log messages of the media project. Ids 6000 to 6999; an id is never used again for another meaning.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(6000, LogLevel.Warning, "No media port is free among {Ports}")]
    public static partial void NoPortFree(ILogger logger, string ports);

    [LoggerMessage(6001, LogLevel.Error, "Opening a media port on {Address} failed with {Error}")]
    public static partial void OpenFailed(ILogger logger, System.Net.IPAddress address, System.Net.Sockets.SocketError error);

    [LoggerMessage(6002, LogLevel.Error, "The media of a call met an unexpected failure and goes on")]
    public static partial void SessionFailed(ILogger logger, Exception exception);

    [LoggerMessage(6003, LogLevel.Warning, "The media clock was late and left out {Frames} frames of 20 ms")]
    public static partial void ClockLate(ILogger logger, int frames);

    [LoggerMessage(6004, LogLevel.Debug, "Media of a call comes from {Source}")]
    public static partial void SourceLocked(ILogger logger, Rtp.MediaAddress source);

    [LoggerMessage(6005, LogLevel.Error, "A call failed at what its media told it")]
    public static partial void CallFailed(ILogger logger, Exception exception);

    [LoggerMessage(6006, LogLevel.Error, "An audio source failed, and is taken for ended")]
    public static partial void SourceFailed(ILogger logger, Exception exception);

    [LoggerMessage(6007, LogLevel.Error, "The media clock met an unexpected failure and goes on")]
    public static partial void BeatFailed(ILogger logger, Exception exception);

    [LoggerMessage(6100, LogLevel.Information, "{Library} is not installed, so Opus is neither offered nor taken: apt-get install libopus0")]
    public static partial void NoOpus(ILogger logger, string library);

    [LoggerMessage(6160, LogLevel.Error, "The mix of a conference met an unexpected failure and goes on")]
    public static partial void MixFailed(ILogger logger, Exception exception);

    [LoggerMessage(6170, LogLevel.Error, "Recording {Recording} ended because its file could not be written: {Reason}")]
    public static partial void RecordingNotWritten(ILogger logger, string recording, string reason);
}
