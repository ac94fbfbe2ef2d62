using System.Buffers.Binary;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Srtp;

/// <summary>
/// Protects what we send with one key: numbers that never repeat, and nothing any more once they are used up (RFC 3711 9.2). Belongs to one thread at a time.
/// </summary>
internal sealed class SrtpSender : IDisposable
{
    /// <summary>SRTCP packets that a key is good for: 2^31.</summary>
    private const uint MaxRtcpIndex = int.MaxValue;

    private const uint Encrypted = 0x8000_0000;

    private readonly SrtpTransform _rtp;
    private readonly SrtpTransform _rtcp;
    private readonly SrtpSuite _suite;
    private uint _rollovers;
    private uint _rtcpIndex;
    private ushort _lastSequence;
    private bool _isUsedUp;

    /// <param name="key">The key.</param>
    /// <param name="rollovers">How often the sequence numbers began anew before the first packet.</param>
    /// <param name="rtcpIndex">Number of the first SRTCP packet.</param>
    public SrtpSender(SrtpKey key, uint rollovers = 0, uint rtcpIndex = 0)
    {
        _suite = key.Suite;
        _rtp = SrtpTransform.Create(key, isRtcp: false);
        _rtcp = SrtpTransform.Create(key, isRtcp: true);
        _rollovers = rollovers;
        _rtcpIndex = rtcpIndex;
    }

    /// <summary>Protects an RTP packet in place. Packets come in the order of their numbers.</summary>
    /// <param name="octets">The packet, with room for <see cref="SrtpSuite.MaxOverhead"/> behind it.</param>
    /// <param name="length">Octets of the packet; then of the protected one.</param>
    /// <returns>False when the key is used up.</returns>
    public bool TryProtect(Span<byte> octets, ref int length)
    {
        if (!RtpPacket.TryReadHeader(octets[..length], out var header)) return false;
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        if (sequence < _lastSequence)
        {
            _isUsedUp |= _rollovers == uint.MaxValue;
            _rollovers++;
        }

        if (_isUsedUp) return false;
        _lastSequence = sequence;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(octets[8..]);
        _rtp.Seal(octets[..length], header, ssrc, ((ulong)_rollovers << 16) | sequence, _rollovers, octets.Slice(length, _suite.TagLength));
        length += _suite.TagLength;
        return true;
    }

    /// <summary>Protects an RTCP compound in place, as <see cref="TryProtect"/> does a packet (RFC 3711 3.4).</summary>
    public bool TryProtectRtcp(Span<byte> octets, ref int length)
    {
        if (_rtcpIndex > MaxRtcpIndex) return false;
        var (index, word) = (_rtcpIndex, _rtcpIndex | Encrypted);
        _rtcpIndex++;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);
        var rest = octets[length..];
        var tag = _suite.IsAead ? rest : rest[sizeof(uint)..];
        var place = _suite.IsAead ? rest[_suite.RtcpTagLength..] : rest;
        _rtcp.Seal(octets[..length], SrtpReceiver.RtcpHeader, ssrc, index, word, tag[.._suite.RtcpTagLength]);
        BinaryPrimitives.WriteUInt32BigEndian(place, word);
        length += _suite.RtcpTagLength + sizeof(uint);
        return true;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }
}
