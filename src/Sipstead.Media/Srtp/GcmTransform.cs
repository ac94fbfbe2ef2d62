using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sipstead.Media.Srtp;

/// <summary>AES-GCM (RFC 7714 8, 9).</summary>
internal sealed class GcmTransform : SrtpTransform
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int SsrcPlace = 2;
    private const int IndexPlace = 6;

    /// <summary>Octets of the longest packet that comes in: those of a slot of the batch.</summary>
    private const int MaxPacket = 2048;

    private readonly AesGcm _aes;
    private readonly CounterCipher _counter;
    private readonly byte[] _salt;
    private readonly bool _isRtcp;
    private readonly byte[] _scratch = new byte[MaxPacket];
    private readonly byte[] _known = new byte[MaxPacket + sizeof(uint)];

    /// <summary>Works with session keys as they are.</summary>
    public GcmTransform(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, bool isRtcp)
    {
        _aes = new AesGcm(key, TagLength);
        _counter = new CounterCipher(key);
        _salt = salt.ToArray();
        _isRtcp = isRtcp;
    }

    public static GcmTransform Derive(SrtpKey master, bool isRtcp)
    {
        Span<byte> key = stackalloc byte[master.Suite.KeyLength];
        Span<byte> salt = stackalloc byte[NonceLength];
        SrtpKeyDerivation.Derive(master, isRtcp ? SrtpLabel.RtcpEncryption : SrtpLabel.RtpEncryption, key);
        SrtpKeyDerivation.Derive(master, isRtcp ? SrtpLabel.RtcpSalt : SrtpLabel.RtpSalt, salt);
        var transform = new GcmTransform(key, salt, isRtcp);
        CryptographicOperations.ZeroMemory(key);
        return transform;
    }

    public override void Seal(Span<byte> packet, int header, uint ssrc, ulong index, uint word, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, ssrc, index);
        _aes.Encrypt(nonce, packet[header..], packet[header..], tag, Known(packet[..header], word));
    }

    /// <summary>
    /// The framework tells a wrong tag by an exception, which a flood of forged packets would make us pay for. So the tag is made anew, of what the packet
    /// decrypts to, and compared; nothing of that leaves here unless it is right.
    /// </summary>
    public override bool TryOpen(Span<byte> packet, int header, uint ssrc, ulong index, uint word, ReadOnlySpan<byte> tag)
    {
        if (packet.Length > MaxPacket) return false;
        Span<byte> nonce = stackalloc byte[NonceLength];
        Span<byte> right = stackalloc byte[TagLength];
        WriteNonce(nonce, ssrc, index);
        var plain = _scratch.AsSpan(0, packet.Length - header);
        packet[header..].CopyTo(plain);
        Decrypt(plain, nonce);
        _aes.Encrypt(nonce, plain, packet[header..], right, Known(packet[..header], word)); // the same octets as before, when the tag is right or not
        if (!CryptographicOperations.FixedTimeEquals(right, tag)) return false;
        plain.CopyTo(packet[header..]);
        return true;
    }

    public override void Dispose()
    {
        _aes.Dispose();
        _counter.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
        CryptographicOperations.ZeroMemory(_scratch);
    }

    private void WriteNonce(Span<byte> nonce, uint ssrc, ulong index)
    {
        _salt.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[SsrcPlace..], BinaryPrimitives.ReadUInt32BigEndian(nonce[SsrcPlace..]) ^ ssrc);
        for (var i = 0; i < NonceLength - IndexPlace; i++) nonce[NonceLength - 1 - i] ^= (byte)(index >> (8 * i));
    }

    /// <summary>What is authenticated in clear: the header, and in SRTCP the index.</summary>
    private ReadOnlySpan<byte> Known(ReadOnlySpan<byte> header, uint word)
    {
        if (!_isRtcp) return header;
        header.CopyTo(_known);
        BinaryPrimitives.WriteUInt32BigEndian(_known.AsSpan(header.Length), word);
        return _known.AsSpan(0, header.Length + sizeof(uint));
    }

    /// <summary>GCM is counter mode whose counter begins with 2 behind the nonce (NIST SP 800-38D 7.1).</summary>
    private void Decrypt(Span<byte> octets, ReadOnlySpan<byte> nonce)
    {
        Span<byte> beginning = stackalloc byte[CounterCipher.BlockSize - sizeof(ushort)];
        beginning.Clear();
        nonce.CopyTo(beginning);
        _counter.Apply(octets, beginning, counter: 2);
    }
}
