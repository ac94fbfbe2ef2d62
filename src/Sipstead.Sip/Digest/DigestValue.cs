using System.Buffers;
using System.Buffers.Binary;

namespace Sipstead.Sip.Digest;

/// <summary>An HA1 or a response: 128 bits (MD5) or 256 (SHA-256, SHA-512/256). Has no text form, since an HA1 is a password equivalent.</summary>
public readonly struct DigestValue
{
    /// <summary>Octets of an MD5.</summary>
    public const int ShortLength = 16;

    /// <summary>Octets of the others.</summary>
    public const int LongLength = 32;

    private readonly UInt128 _first;
    private readonly UInt128 _second;
    private readonly bool _isLong;

    /// <summary>128 bits, as the big-endian value of their 32 digits.</summary>
    public DigestValue(UInt128 value) => _first = value;

    /// <summary>256 bits in two halves.</summary>
    private DigestValue(UInt128 first, UInt128 second) => (_first, _second, _isLong) = (first, second, true);

    /// <summary>Octets: <see cref="ShortLength"/> or <see cref="LongLength"/>.</summary>
    public int Length => _isLong ? LongLength : ShortLength;

    /// <summary>64 bits of it, for hashes that only tell requests apart.</summary>
    public ulong Folded
    {
        get
        {
            var both = _first ^ _second;
            return (ulong)both ^ (ulong)(both >> 64);
        }
    }

    /// <summary>The value of 16 or 32 octets.</summary>
    public static DigestValue Read(ReadOnlySpan<byte> octets)
    {
        var first = BinaryPrimitives.ReadUInt128BigEndian(octets);
        return octets.Length == ShortLength ? new DigestValue(first) : new DigestValue(first, BinaryPrimitives.ReadUInt128BigEndian(octets[ShortLength..]));
    }

    /// <summary>Compares in constant time for values of one length; values of another are not equal.</summary>
    public static bool FixedTimeEquals(in DigestValue a, in DigestValue b)
    {
        var difference = (a._first ^ b._first) | (a._second ^ b._second);
        return ((ulong)(difference >> 64) | (ulong)difference) == 0 && a._isLong == b._isLong;
    }

    /// <summary>Reads 32 or 64 hexadecimal digits of either case.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out DigestValue value)
    {
        value = default;
        if (text.Length is not (2 * ShortLength or 2 * LongLength)) return false;
        Span<byte> octets = stackalloc byte[LongLength];
        if (Convert.FromHexString(text, octets, out _, out var written) != OperationStatus.Done) return false;
        value = Read(octets[..written]);
        return true;
    }

    /// <summary>Writes its lower-case digits; returns the part of <paramref name="text"/> that they take.</summary>
    internal Span<byte> WriteHex(Span<byte> text)
    {
        Span<byte> octets = stackalloc byte[LongLength];
        BinaryPrimitives.WriteUInt128BigEndian(octets, _first);
        BinaryPrimitives.WriteUInt128BigEndian(octets[ShortLength..], _second);
        Convert.TryToHexStringLower(octets[..Length], text, out var written);
        return text[..written];
    }
}
