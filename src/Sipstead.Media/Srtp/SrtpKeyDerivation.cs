using System.Diagnostics;

namespace Sipstead.Media.Srtp;

/// <summary>What a session key is for; the numbers are the labels of RFC 3711 4.3.2.</summary>
internal enum SrtpLabel : byte
{
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// <summary>
/// Makes session keys of a master key (RFC 3711 4.3, RFC 6188 3, RFC 7714 11), once: a key derivation rate other than 0 is not agreed on.
/// </summary>
internal static class SrtpKeyDerivation
{
    /// <summary>Octets of the master salt as the derivation takes it; a shorter one is filled up with zeros.</summary>
    private const int SaltLength = CounterCipher.BlockSize - sizeof(ushort);

    /// <summary>Where the label goes: before the six octets of the packet index, which is 0 here.</summary>
    private const int LabelPlace = 7;

    public static void Derive(SrtpKey master, SrtpLabel label, Span<byte> key)
    {
        Debug.Assert(master.Salt.Length <= SaltLength, "no suite has a longer salt");
        Span<byte> beginning = stackalloc byte[SaltLength];
        beginning.Clear();
        master.Salt.CopyTo(beginning);
        beginning[LabelPlace] ^= (byte)label;
        key.Clear();
        using var cipher = new CounterCipher(master.Key);
        cipher.Apply(key, beginning, counter: 0);
    }
}
