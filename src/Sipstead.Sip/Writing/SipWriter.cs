using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Writing;

/// <summary>
/// Writes messages into buffers of fixed size. What does not fit sets <see cref="Overflowed"/> instead of throwing. Values of peers go through
/// <see cref="Value(ReadOnlySpan{byte})"/>, which lets no CR, LF or NUL pass (MSG-20). Made to be used again: see <see cref="Reset"/>.
/// </summary>
public sealed class SipWriter
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("\r\n\0"u8);

    private byte[] _array = [];
    private int _start;
    private int _capacity;

    private Span<byte> Free => _array.AsSpan(_start + Length, _capacity - Length);

    /// <summary>Octets written.</summary>
    public int Length { get; private set; }

    /// <summary>True when something did not fit: what is written is not a message.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _array.AsSpan(_start, Length);

    /// <summary>Starts anew in another buffer, which must be a part of an array.</summary>
    public void Reset(Memory<byte> buffer)
    {
        if (!MemoryMarshal.TryGetArray<byte>(buffer, out var part)) throw new ArgumentException("The buffer is no part of an array.", nameof(buffer));
        (_array, _start, _capacity) = (part.Array!, part.Offset, part.Count);
        Clear();
    }

    /// <summary>Forgets everything written.</summary>
    public void Clear()
    {
        Length = 0;
        Overflowed = false;
    }

    /// <summary>Takes back what was written after the first <paramref name="length"/> octets.</summary>
    public void Cut(int length) => Length = Math.Min(Length, length);

    /// <summary>Writes text of our own.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        if (!text.TryCopyTo(Free)) Overflowed = true;
        else Length += text.Length;
    }

    /// <summary>Writes text that a peer or a user gave; octets that would end the line become '?'.</summary>
    public void Value(ReadOnlySpan<byte> text)
    {
        var start = Length;
        Text(text);
        if (!Overflowed && text.ContainsAny(Forbidden)) _array.AsSpan(_start + start, Length - start).ReplaceAny(Forbidden, (byte)'?');
    }

    /// <summary>Writes text that a user gave, as UTF-8, in the same way.</summary>
    public void Value(ReadOnlySpan<char> text)
    {
        var start = Length;
        if (Encoding.UTF8.TryGetBytes(text, Free, out var written)) Length += written;
        else Overflowed = true;
        if (!Overflowed) _array.AsSpan(_start + start, Length - start).ReplaceAny(Forbidden, (byte)'?');
    }

    /// <summary>Writes octets as the user part of a URI, escaped where they must be (RFC 3261 25.1 <c>user</c>).</summary>
    public void EscapedUser(ReadOnlySpan<byte> text) => Escaped(text, SipChars.PlainUser);

    /// <summary>Writes octets as the value of a URI parameter, escaped where they must be (RFC 3261 25.1 <c>pvalue</c>).</summary>
    public void EscapedParameter(ReadOnlySpan<byte> text) => Escaped(text, SipChars.PlainUriParameter);

    public void Number(long value)
    {
        if (Utf8Formatter.TryFormat(value, Free, out var written)) Length += written;
        else Overflowed = true;
    }

    /// <summary>Writes 16 lower-case hexadecimal digits.</summary>
    public void Hex(ulong value)
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(octets, value);
        if (Convert.TryToHexStringLower(octets, Free, out var written)) Length += written;
        else Overflowed = true;
    }

    /// <summary>Writes a date in the form of RFC 1123, always GMT (MSG-18).</summary>
    public void Date(DateTimeOffset time)
    {
        if (Utf8Formatter.TryFormat(time, Free, out var written, new StandardFormat('R'))) Length += written;
        else Overflowed = true;
    }

    /// <summary>Ends a header line.</summary>
    public void EndLine() => Text("\r\n"u8);

    private void Escaped(ReadOnlySpan<byte> text, OctetSet plain)
    {
        Span<byte> escape = [(byte)'%', 0, 0];
        while (true)
        {
            var special = plain.IndexOfOther(text);
            Text(special < 0 ? text : text[..special]);
            if (special < 0) return;
            Utf8Formatter.TryFormat(text[special], escape[1..], out _, new StandardFormat('X', 2));
            Text(escape);
            text = text[(special + 1)..];
        }
    }
}
