namespace Sipstead.Testing;

/// <summary>A folder of its own for a test, removed at the end. Its path is short: a Unix socket in it must fit 107 characters.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sipstead-").FullName;

    /// <summary>A path in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file into the folder and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Whether a file in the folder holds a text, in UTF-8.</summary>
    public bool Holds(string text)
    {
        var sought = System.Text.Encoding.UTF8.GetBytes(text);
        return Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Any(file =>
        {
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var octets = new byte[content.Length];
            return octets.AsSpan(0, content.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)).IndexOf(sought) >= 0;
        });
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that was just ended may still write a last file: the system's own cleaning takes the rest.
        }
    }
}
