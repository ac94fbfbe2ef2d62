namespace Sipstead.Provisioning.Store;

/// <summary>A file of keys in the data folder, for the server's user alone.</summary>
internal static class PrivateKeyFile
{
    /// <summary>Written beside and renamed: a crash leaves what was there or what shall be.</summary>
    public static void Write(string path, ReadOnlySpan<byte> octets)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var fresh = path + ".new";
        File.Delete(fresh); // one that is there would keep its mode
        using (var file = new FileStream(fresh, options))
        {
            file.Write(octets);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
