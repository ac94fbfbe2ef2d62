namespace Sipstead.Registrar.Journal;

/// <summary>One file being appended to.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly IDiskFile _file;
    private bool _isClosed;

    public JournalFile(string path, long number, IDiskFile file)
    {
        Path = path;
        Number = number;
        _file = file;
        Append(JournalFormat.FileMark, fsync: false);
    }

    public string Path { get; }

    public long Number { get; }

    public long Length { get; private set; }

    /// <summary>Appends all octets or none: what a failed write left is cut off again.</summary>
    public void Append(ReadOnlySpan<byte> octets, bool fsync)
    {
        try
        {
            _file.Write(octets, Length);
            if (fsync) _file.Flush();
        }
        catch (IOException)
        {
            _file.SetLength(Length);
            throw;
        }

        Length += octets.Length;
    }

    /// <summary>Appends, and begins to send it to the disk.</summary>
    public void AppendAndSend(ReadOnlySpan<byte> octets)
    {
        var at = Length;
        Append(octets, fsync: false);
        _file.BeginFlush(at, octets.Length);
    }

    /// <summary>Returns when the disk has all that was appended.</summary>
    public void Flush() => _file.Flush();

    /// <summary>Flushes and closes.</summary>
    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        using (_file) _file.Flush();
    }
}
