using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sipstead.Media.Srtp;

/// <summary>AES in counter mode with HMAC-SHA1 (RFC 3711 4.1.1, 4.2.1; RFC 6188).</summary>
internal sealed class CounterHmacTransform : SrtpTransform
{
    private const int SaltLength = 14;
    private const int SsrcPlace = 4;
    private const int IndexPlace = 8;

    private readonly CounterCipher _cipher;
    private readonly IncrementalHash _hash;
    private readonly byte[] _salt = new byte[SaltLength];
    private readonly int _tagLength;

    public CounterHmacTransform(SrtpKey master, bool isRtcp)
    {
        Span<byte> key = stackalloc byte[master.Suite.KeyLength];
        Span<byte> authentication = stackalloc byte[HMACSHA1.HashSizeInBytes];
        SrtpKeyDerivation.Derive(master, isRtcp ? SrtpLabel.RtcpEncryption : SrtpLabel.RtpEncryption, key);
        SrtpKeyDerivation.Derive(master, isRtcp ? SrtpLabel.RtcpAuthentication : SrtpLabel.RtpAuthentication, authentication);
        SrtpKeyDerivation.Derive(master, isRtcp ? SrtpLabel.RtcpSalt : SrtpLabel.RtpSalt, _salt);
        _cipher = new CounterCipher(key);
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, authentication);
        _tagLength = isRtcp ? master.Suite.RtcpTagLength : master.Suite.TagLength;
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(authentication);
    }

    public override void Seal(Span<byte> packet, int header, uint ssrc, ulong index, uint word, Span<byte> tag)
    {
        Apply(packet[header..], ssrc, index);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Hash(packet, word, hash);
        hash[.._tagLength].CopyTo(tag);
    }

    public override bool TryOpen(Span<byte> packet, int header, uint ssrc, ulong index, uint word, ReadOnlySpan<byte> tag)
    {
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Hash(packet, word, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[.._tagLength], tag)) return false;
        Apply(packet[header..], ssrc, index);
        return true;
    }

    public override void Dispose()
    {
        _cipher.Dispose();
        _hash.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }

    private void Apply(Span<byte> payload, uint ssrc, ulong index)
    {
        Span<byte> beginning = stackalloc byte[SaltLength];
        _salt.CopyTo(beginning);
        BinaryPrimitives.WriteUInt32BigEndian(beginning[SsrcPlace..], BinaryPrimitives.ReadUInt32BigEndian(beginning[SsrcPlace..]) ^ ssrc);
        for (var i = 0; i < SaltLength - IndexPlace; i++) beginning[SaltLength - 1 - i] ^= (byte)(index >> (8 * i));
        _cipher.Apply(payload, beginning, counter: 0);
    }

    private void Hash(ReadOnlySpan<byte> packet, uint word, Span<byte> hash)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, word);
        _hash.AppendData(packet);
        _hash.AppendData(octets);
        _hash.GetHashAndReset(hash);
    }
}
