using System.IO.Hashing;

namespace Sipstead.Sip.Digest;

/// <summary>
/// HA2 (RFC 7616 3.4.3) in digits for the methods and URIs seen last: all devices of a realm name the same ones. Of a fixed size. Not thread-safe.
/// </summary>
internal sealed class RequestHashCache
{
    private const int Entries = 64;
    private const int MaxKey = 128;
    private const int TextLength = 2 * DigestValue.ShortLength;

    private readonly byte[] _keys = new byte[Entries * MaxKey];
    private readonly byte[] _texts = new byte[Entries * TextLength];
    private readonly int[] _keyLengths = new int[Entries];

    /// <summary>The 32 digits of MD5(method:uri).</summary>
    /// <param name="scratch">Takes the digits of what is too long to be kept; 32 octets.</param>
    public ReadOnlySpan<byte> Get(Md5 md5, ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri, Span<byte> scratch)
    {
        var length = method.Length + 1 + uri.Length;
        if (length > MaxKey) return Compute(md5, method, uri, scratch);
        var entry = (int)(XxHash3.HashToUInt64(uri, method.Length) % Entries);
        var key = _keys.AsSpan(entry * MaxKey, length);
        var text = _texts.AsSpan(entry * TextLength, TextLength);
        if (_keyLengths[entry] == length && key.StartsWith(method) && key[(method.Length + 1)..].SequenceEqual(uri)) return text;
        _keyLengths[entry] = length;
        method.CopyTo(key);
        key[method.Length] = (byte)':';
        uri.CopyTo(key[(method.Length + 1)..]);
        return Compute(md5, method, uri, text);
    }

    private static Span<byte> Compute(Md5 md5, ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri, Span<byte> text)
    {
        md5.Append(method);
        md5.Append(":"u8);
        md5.Append(uri);
        return md5.Finish().WriteHex(text);
    }
}
