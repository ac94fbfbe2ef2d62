using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// The bindings that earlier runs left, read into memory. Which of them still hold only the credentials tell, so a start reads both at a time and brings them
/// together in <see cref="RegistrarService.Open"/>. For one use.
/// </summary>
public sealed class SavedBindings
{
    private SavedBindings(LocationService locations, ServerClock clock, JournalFiles files, JournalReader reader)
    {
        (Locations, Clock, Files, Reader) = (locations, clock, files, reader);
    }

    internal LocationService Locations { get; }

    internal ServerClock Clock { get; }

    internal JournalFiles Files { get; }

    internal JournalReader Reader { get; }

    /// <summary>Reads them. Throws <see cref="JournalException"/>.</summary>
    public static SavedBindings Read(RegistrarOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Read(options, time, loggers.CreateLogger(RegistrarService.LogCategory), new Disk());
    }

    /// <param name="disk">Holds the files.</param>
    internal static SavedBindings Read(RegistrarOptions options, TimeProvider time, ILogger logger, IDisk disk)
    {
        var clock = new ServerClock(time);
        var locations = new LocationService(options, clock);
        try
        {
            var files = new JournalFiles(options.DataDirectory, disk);
            files.RemoveUnfinished();
            var reader = new JournalReader(files, locations, logger);
            reader.ReadAll();
            return new SavedBindings(locations, clock, files, reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalException.Unusable(options, e);
        }
    }
}
