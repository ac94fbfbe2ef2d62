namespace Sipstead.Server.Composition;

/// <summary>Folders that hold secrets: for the server's user alone (mode 0700).</summary>
internal static class PrivateFolder
{
    /// <summary>Makes a folder; one that is there stays as it is.</summary>
    public static DirectoryInfo Create(string path) =>
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
