using System.Buffers.Binary;

namespace Sipstead.Provisioning.Store;

/// <summary>Cuts the rows out of the stream of a binary COPY (PostgreSQL manual, COPY, "Binary Format").</summary>
internal sealed class PostgresCopyRows(Stream copy)
{
    private const int FixedHeader = 19; // signature, flags, length of the extension
    private const int End = -1;

    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _isPastHeader;
    private bool _isAtEnd;

    /// <summary>Reads on, once there is no whole row left; false at the end.</summary>
    /// <exception cref="EndOfStreamException">The stream ends before the mark of its end.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd) return false;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        var read = await copy.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        if (read == 0) throw new EndOfStreamException("PostgreSQL ended the copy of the credentials early.");
        _end += read;
        return true;
    }

    /// <summary>The next row; false when more must be read first, or there is none.</summary>
    public bool TryNext(out PostgresCopyRow row)
    {
        row = default;
        if (_isAtEnd || (!_isPastHeader && !TryPassHeader())) return false;
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.Length < sizeof(short)) return false;
        var fields = BinaryPrimitives.ReadInt16BigEndian(rest);
        if (fields == End)
        {
            _isAtEnd = true;
            return false;
        }

        var length = sizeof(short);
        for (var i = 0; i < fields; i++)
        {
            if (rest.Length < length + sizeof(int)) return false;
            length += sizeof(int) + Math.Max(BinaryPrimitives.ReadInt32BigEndian(rest[length..]), 0);
        }

        if (rest.Length < length) return false;
        row = new PostgresCopyRow(rest[sizeof(short)..length]);
        _start += length;
        return true;
    }

    private bool TryPassHeader()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.Length < FixedHeader) return false;
        var length = FixedHeader + BinaryPrimitives.ReadInt32BigEndian(rest[(FixedHeader - sizeof(int))..]);
        if (rest.Length < length) return false;
        _start += length;
        _isPastHeader = true;
        return true;
    }
}

/// <summary>A row of a binary COPY, valid until more is read.</summary>
internal ref struct PostgresCopyRow(ReadOnlySpan<byte> fields)
{
    private ReadOnlySpan<byte> _rest = fields;

    /// <summary>The octets of the next field; empty for NULL too.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var length = Math.Max(BinaryPrimitives.ReadInt32BigEndian(_rest), 0);
        var field = _rest.Slice(sizeof(int), length);
        _rest = _rest[(sizeof(int) + length)..];
        return field;
    }
}
