using System.Buffers.Binary;
using Sipstead.Media.Rtp;
using Sipstead.Media.Srtp;

namespace Sipstead.Media.Tests.Srtp;

/// <summary>The numbers of RFC 3711, 6188 and 7714 (vectors/srtp.json), both ways.</summary>
public sealed class SrtpVectorTests
{
    private readonly SrtpVectors _vectors = new();

    [Fact]
    public void MED_08_Keystream_IsThatOfTheVector()
    {
        const string name = "rfc3711-B.2-aes-cm-keystream";
        using var cipher = new CounterCipher(_vectors.Octets(name, "session_key"));
        var beginning = _vectors.Octets(name, "iv")[..14];
        foreach (var block in _vectors.Of(name).GetProperty("blocks").EnumerateObject())
        {
            var stream = new byte[16];
            cipher.Apply(stream, beginning, Convert.ToUInt16(block.Name, 16));
            Assert.Equal(block.Value.GetString(), Convert.ToHexStringLower(stream));
        }
    }

    [Fact]
    public void MED_08_KeystreamOfManyBlocks_IsThatOfEach()
    {
        using var cipher = new CounterCipher(_vectors.Octets("rfc3711-B.2-aes-cm-keystream", "session_key"));
        var beginning = new byte[14];
        var (whole, parts) = (new byte[1501], new byte[1501]);
        cipher.Apply(whole, beginning, counter: 0);
        for (var i = 0; i < parts.Length; i += 16) cipher.Apply(parts.AsSpan(i, Math.Min(16, parts.Length - i)), beginning, (ushort)(i / 16));
        Assert.Equal(whole, parts);
    }

    [Theory]
    [InlineData("cipher_key_label0", 0)]
    [InlineData("auth_key_label1_94_octets", 1)]
    [InlineData("cipher_salt_label2", 2)]
    [InlineData("srtcp_cipher_key_label3", 3)]
    [InlineData("srtcp_auth_key_label4_20", 4)]
    [InlineData("srtcp_salt_label5", 5)]
    public void MED_08_SessionKeys_AreThoseOfTheVector(string field, int label)
    {
        var expected = _vectors.Octets("rfc3711-B.3-key-derivation", field);
        var derived = new byte[expected.Length];
        SrtpKeyDerivation.Derive(SrtpVectors.Key(SrtpSuite.AesCm128Sha80), (SrtpLabel)label, derived);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(derived));
    }

    [Theory]
    [InlineData("cipher_key", 0)]
    [InlineData("auth_key_20", 1)]
    [InlineData("cipher_salt", 2)]
    public void MED_08_SessionKeysOfAes256_AreThoseOfTheVector(string field, int label)
    {
        const string name = "rfc6188-7.4-aes-256-key-derivation";
        var expected = _vectors.Octets(name, field);
        var derived = new byte[expected.Length];
        var key = new SrtpKey(SrtpSuite.AesCm256Sha80, [.. _vectors.Octets(name, "master_key"), .. _vectors.Octets(name, "master_salt")]);
        SrtpKeyDerivation.Derive(key, (SrtpLabel)label, derived);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(derived));
    }

    [Theory]
    [InlineData("srtp-aes-cm-128-hmac-sha1-80-packet", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("srtp-aes-cm-128-hmac-sha1-32-packet", "AES_CM_128_HMAC_SHA1_32")]
    public void MED_08_Packet_IsThatOfTheVector(string name, string suite)
    {
        var key = SrtpVectors.Key(SrtpSuite.Find(suite)!);
        AssertBothWays(key, _vectors.Octets(name, "plain"), _vectors.Octets(name, "protected"));
    }

    [Fact]
    public void MED_08_PacketsOverTheEndOfTheNumbers_AreThoseOfTheVector()
    {
        var key = SrtpVectors.Key(SrtpSuite.AesCm128Sha80);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        foreach (var packet in _vectors.Of("srtp-roc-rollover").GetProperty("packets").EnumerateArray())
        {
            var (plain, wanted) = (SrtpVectors.Octets(packet, "plain"), SrtpVectors.Octets(packet, "protected"));
            Assert.Equal(Convert.ToHexString(wanted), Convert.ToHexString(sender.Protect(plain)));
            Assert.Equal(PacketFate.Taken, receiver.Unprotect(wanted, out var length));
            Assert.Equal(Convert.ToHexString(plain), Convert.ToHexString(wanted.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80")]
    [InlineData("AES_CM_128_HMAC_SHA1_32")]
    public void MED_08_RtcpPacket_IsThatOfTheVector_WithItsLongTagInEachSuite(string suite)
    {
        const string name = "srtcp-aes-cm-128-hmac-sha1-80-packet";
        var key = SrtpVectors.Key(SrtpSuite.Find(suite)!);
        var (plain, wanted) = (_vectors.Octets(name, "plain"), _vectors.Octets(name, "protected"));
        using var sender = new SrtpSender(key, rtcpIndex: 1);
        using var receiver = new SrtpReceiver(key);
        Assert.Equal(Convert.ToHexString(wanted), Convert.ToHexString(sender.ProtectRtcp(plain)));
        Assert.Equal(PacketFate.Taken, receiver.UnprotectRtcp(wanted, out var length));
        Assert.Equal(Convert.ToHexString(plain), Convert.ToHexString(wanted.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("rfc7714-16.1-aead-aes-128-gcm")]
    [InlineData("rfc7714-16.2-aead-aes-256-gcm")]
    public void MED_08_GcmPacket_IsThatOfTheVector(string name)
    {
        using var gcm = new GcmTransform(_vectors.Octets(name, "session_key"), _vectors.Octets(name, "session_salt"), isRtcp: false);
        var (plain, wanted) = (_vectors.Octets(name, "plain"), _vectors.Octets(name, "protected"));
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(8));
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(2));
        byte[] octets = [.. plain, .. new byte[16]];
        var packet = octets.AsSpan(0, plain.Length);
        gcm.Seal(packet, RtpPacket.HeaderSize, ssrc, sequence, 0, octets.AsSpan(plain.Length));
        Assert.Equal(Convert.ToHexString(wanted), Convert.ToHexString(octets));
        Assert.True(gcm.TryOpen(packet, RtpPacket.HeaderSize, ssrc, sequence, 0, wanted.AsSpan(plain.Length)));
        Assert.Equal(Convert.ToHexString(plain), Convert.ToHexString(packet));
    }

    private static void AssertBothWays(SrtpKey key, byte[] plain, byte[] wanted)
    {
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        Assert.Equal(Convert.ToHexString(wanted), Convert.ToHexString(sender.Protect(plain)));
        Assert.Equal(PacketFate.Taken, receiver.Unprotect(wanted, out var length));
        Assert.Equal(Convert.ToHexString(plain), Convert.ToHexString(wanted.AsSpan(0, length)));
    }
}
