namespace Sipstead.Testing;

/// <summary>A file that lies elsewhere until disposed, such as the database of a store that is to be away.</summary>
public sealed class AwayFile : IDisposable
{
    private readonly string _path;

    public AwayFile(string path)
    {
        _path = path;
        File.Move(path, Elsewhere);
    }

    private string Elsewhere => _path + ".away";

    public void Dispose() => File.Move(Elsewhere, _path);
}
