using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Sipstead.Dns;

/// <summary>
/// Keeps the zone's serial over restarts, so that it rises also when many changes took it ahead of the clock, or the clock was set back. A file that cannot
/// be written costs that and no more.
/// </summary>
public sealed class SerialFile
{
    private const int LongestText = 16;

    private static readonly FileStreamOptions Private = new()
    {
        Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    private readonly string _path;
    private readonly ILogger _logger;

    /// <param name="path">Where the file is, or comes to be.</param>
    public SerialFile(string path, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _path = path;
        _logger = loggers.CreateLogger("Sipstead.Dns");
    }

    /// <summary>The last serial; null when there is none that can be read.</summary>
    internal uint? Read()
    {
        try
        {
            if (new FileInfo(_path) is not { Exists: true, Length: <= LongestText }) return null;
            return uint.TryParse(File.ReadAllText(_path).AsSpan().TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var serial) ? serial : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            DnsLog.SerialNotRead(_logger, _path, exception);
            return null;
        }
    }

    /// <summary>Puts a serial in the place of the last one, whole or not at all.</summary>
    internal void Write(uint serial)
    {
        try
        {
            var next = _path + ".next";
            using (var writer = new StreamWriter(next, Private)) writer.Write(serial.ToString(CultureInfo.InvariantCulture));
            File.Move(next, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            DnsLog.SerialNotWritten(_logger, _path, exception);
        }
    }
}
