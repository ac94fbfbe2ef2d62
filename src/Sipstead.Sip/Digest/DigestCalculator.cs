using System.Buffers.Binary;

namespace Sipstead.Sip.Digest;

/// <summary>
/// MD5 digest responses (RFC 2617 3.2.2) from a stored HA1. Not thread-safe, one for each receiving loop.
/// </summary>
public sealed class DigestCalculator
{
    private readonly Md5 _md5 = new();

    /// <summary>The response that <paramref name="credentials"/> should carry when the secret behind <paramref name="ha1"/> is known.</summary>
    /// <param name="ha1">MD5(user:realm:password), as the 128-bit value of its 32 digits.</param>
    public UInt128 Response(UInt128 ha1, ReadOnlySpan<byte> method, in DigestCredentials credentials)
    {
        Span<byte> ha1Text = stackalloc byte[32];
        Span<byte> ha2Text = stackalloc byte[32];
        WriteHex(ha1, ha1Text);
        _md5.Append(method);
        _md5.Append(":"u8);
        _md5.Append(credentials.Uri);
        WriteHex(_md5.Finish(), ha2Text);
        _md5.Append(ha1Text);
        _md5.Append(":"u8);
        _md5.Append(credentials.Nonce);
        _md5.Append(":"u8);
        if (credentials.HasQop)
        {
            _md5.Append(credentials.NonceCountText);
            _md5.Append(":"u8);
            _md5.Append(credentials.CNonce);
            _md5.Append(":auth:"u8);
        }

        _md5.Append(ha2Text);
        return _md5.Finish();
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Equal(UInt128 a, UInt128 b)
    {
        var difference = a ^ b;
        return ((ulong)(difference >> 64) | (ulong)difference) == 0;
    }

    private static void WriteHex(UInt128 value, Span<byte> text)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, value);
        Convert.TryToHexStringLower(octets, text, out _);
    }
}
