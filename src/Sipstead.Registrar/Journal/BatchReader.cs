using Microsoft.Win32.SafeHandles;

namespace Sipstead.Registrar.Journal;

/// <summary>Reads a file of the journal batch by batch, into one buffer that grows to the longest.</summary>
internal sealed class BatchReader : IDisposable
{
    private const int ReadAhead = 1024 * 1024;

    private readonly SafeFileHandle _handle;
    private byte[] _buffer = new byte[ReadAhead];
    private int _start;
    private int _end;

    public BatchReader(string path)
    {
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
        Length = RandomAccess.GetLength(_handle);
        if (!TryFill(JournalFormat.FileMark.Length)) return;
        Version = JournalFormat.VersionOf(_buffer.AsSpan(0, JournalFormat.FileMark.Length));
        Skip(JournalFormat.FileMark.Length);
    }

    /// <summary>The format's version; 0 for a file that this server cannot read.</summary>
    public byte Version { get; }

    public long Length { get; }

    /// <summary>Octets of the file up to which all was read.</summary>
    public long At { get; private set; }

    /// <summary>Gives the next batch, header and records. False at the end and where the file is cut or damaged.</summary>
    public bool TryRead(out ReadOnlySpan<byte> batch)
    {
        batch = default;
        if (!TryFill(JournalFormat.BatchHeaderLength)) return false;
        var length = JournalFormat.LengthOf(_buffer.AsSpan(_start));
        if (length == 0 || length > Array.MaxLength || !TryFill((int)length)) return false;
        batch = _buffer.AsSpan(_start, (int)length);
        if (!JournalFormat.IsIntact(batch)) return false;
        Skip((int)length);
        return true;
    }

    public void Dispose() => _handle.Dispose();

    private void Skip(int length)
    {
        _start += length;
        At += length;
    }

    /// <summary>Reads until so many octets lie ready. False when the file has not as many.</summary>
    private bool TryFill(int length)
    {
        if (_end - _start >= length) return true;
        if (length > Length - At) return false;
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_buffer.Length < length) Array.Resize(ref _buffer, Math.Max(length, (int)Math.Min(Array.MaxLength, _buffer.Length * 2L)));
        while (_end < length)
        {
            var read = RandomAccess.Read(_handle, _buffer.AsSpan(_end), At + _end);
            if (read == 0) return false;
            _end += read;
        }

        return true;
    }
}
