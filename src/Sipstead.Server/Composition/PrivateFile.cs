namespace Sipstead.Server.Composition;

/// <summary>Files of the data folder that hold secrets: for the server's user alone (mode 0600).</summary>
internal static class PrivateFile
{
    /// <summary>Makes a file anew. One that is there is deleted first: it would keep its mode, which may let others read it.</summary>
    public static FileStream Create(string path)
    {
        File.Delete(path);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    /// <summary>Makes a file anew, with one text and the end of its line.</summary>
    public static void WriteLine(string path, string text)
    {
        using var file = new StreamWriter(Create(path));
        file.WriteLine(text);
    }
}
