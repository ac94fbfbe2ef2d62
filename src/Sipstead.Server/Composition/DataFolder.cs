namespace Sipstead.Server.Composition;

/// <summary>
/// The data folder, held by this process alone through a lock of the operating system: it is free at once after kill -9 (ruling 20).
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The file whose lock keeps other servers out.</summary>
    public const string LockFile = "lock";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>The Unix socket on which a running server takes administration commands (ruling 23).</summary>
    public static string AdminSocketIn(string path) => System.IO.Path.Combine(path, "admin.sock");

    /// <summary>Where the zone's last serial is kept.</summary>
    public static string ZoneSerialIn(string path) => System.IO.Path.Combine(path, "zone-serial");

    /// <summary>Makes the folder if need be, and takes it. Throws <see cref="StartupException"/>.</summary>
    public static DataFolder Open(string path)
    {
        try
        {
            if (!Directory.Exists(path)) PrivateFolder.Create(path);
            return new DataFolder(path, Take(System.IO.Path.Combine(path, LockFile)));
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {path} cannot be read and written by this user. Correct its owner or mode, or set Sipstead__DataDirectory.");
        }
        catch (IOException e) when (!Directory.Exists(path))
        {
            throw new StartupException($"The data folder {path} cannot be made: {e.Message}");
        }
        catch (IOException)
        {
            throw new StartupException($"The data folder {path} is in use by another running server. Stop that one, or set Sipstead__DataDirectory to another folder.");
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Take(string file) => new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
