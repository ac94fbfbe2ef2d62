using System.Buffers.Binary;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Srtp;

/// <summary>
/// Takes protected packets of a party with one key: authenticates, refuses what came before, then decrypts (RFC 3711 3.3). Nothing of a packet whose tag is
/// wrong changes anything. Belongs to one thread at a time.
/// </summary>
internal sealed class SrtpReceiver : IDisposable
{
    /// <summary>Octets of SRTCP that are in clear.</summary>
    public const int RtcpHeader = 8;

    /// <summary>Sources that one key is kept for. Only the party itself can use them up; a forgotten one could be replayed.</summary>
    private const int MaxSources = 16;

    private const uint Encrypted = 0x8000_0000;
    private const int HalfRound = 1 << 15;

    private readonly SrtpTransform _rtp;
    private readonly SrtpTransform _rtcp;
    private readonly SrtpKey _key;
    private readonly Source[] _sources = new Source[MaxSources];
    private int _count;

    public SrtpReceiver(SrtpKey key)
    {
        _key = key;
        _rtp = SrtpTransform.Create(key, isRtcp: false);
        _rtcp = SrtpTransform.Create(key, isRtcp: true);
    }

    private struct Source
    {
        public uint Ssrc;
        public ReplayWindow Rtp;
        public ReplayWindow Rtcp;
    }

    /// <summary>True once a packet was authentic.</summary>
    public bool HasTaken => _count > 0;

    /// <summary>Decrypts an RTP packet in place.</summary>
    /// <param name="octets">The datagram.</param>
    /// <param name="length">Octets of the packet in clear.</param>
    public PacketFate Unprotect(Span<byte> octets, out int length)
    {
        var suite = _key.Suite;
        length = octets.Length - suite.TagLength - _key.Identifier.Length;
        if (length < RtpPacket.HeaderSize || !RtpPacket.TryReadHeader(octets[..length], out var header)) return PacketFate.Malformed;
        var (tagPlace, identifierPlace) = suite.IsAead ? (length, length + suite.TagLength) : (octets.Length - suite.TagLength, length);
        if (!octets.Slice(identifierPlace, _key.Identifier.Length).SequenceEqual(_key.Identifier)) return PacketFate.Authentication;
        var packet = octets[..length];
        ReadOnlySpan<byte> tag = octets.Slice(tagPlace, suite.TagLength);
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(octets[8..]);
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        var place = Find(ssrc);
        if (place >= MaxSources) return PacketFate.Authentication;
        ref var source = ref _sources[place];
        if (place < _count && !source.Rtp.IsEmpty) return Open(packet, header, tag, ssrc, IndexOf(source.Rtp.Highest, sequence), ref source);

        // Before the first packet, the party's numbers may have begun anew already, with packets that were lost.
        var fate = Open(packet, header, tag, ssrc, sequence, ref source);
        if (fate == PacketFate.Authentication && sequence < HalfRound) fate = Open(packet, header, tag, ssrc, (1UL << 16) | sequence, ref source);
        return fate;
    }

    /// <summary>Decrypts an RTCP compound in place, as <see cref="Unprotect"/> does a packet.</summary>
    public PacketFate UnprotectRtcp(Span<byte> octets, out int length)
    {
        var tagLength = _key.Suite.RtcpTagLength;
        var identifier = _key.Identifier;
        length = octets.Length - tagLength - sizeof(uint) - identifier.Length;
        if (length < RtcpHeader) return PacketFate.Malformed;
        var rest = octets[length..];
        if (!rest.Slice(rest.Length - identifier.Length - (_key.Suite.IsAead ? 0 : tagLength), identifier.Length).SequenceEqual(identifier))
            return PacketFate.Authentication;
        ReadOnlySpan<byte> tag = _key.Suite.IsAead ? rest[..tagLength] : rest[^tagLength..];
        var word = BinaryPrimitives.ReadUInt32BigEndian(_key.Suite.IsAead ? rest[tagLength..] : rest);
        var index = word & ~Encrypted;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);
        var place = Find(ssrc);
        if (place >= MaxSources) return PacketFate.Authentication;
        ref var source = ref _sources[place];
        if (place < _count && !source.Rtcp.IsNew(index)) return PacketFate.Replay;
        var header = (word & Encrypted) != 0 ? RtcpHeader : length; // without the E bit it is authenticated only
        if (!_rtcp.TryOpen(octets[..length], header, ssrc, index, word, tag)) return PacketFate.Authentication;
        Know(ref source, ssrc);
        source.Rtcp.Take(index);
        return PacketFate.Taken;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private PacketFate Open(Span<byte> packet, int header, ReadOnlySpan<byte> tag, uint ssrc, ulong? number, ref Source source)
    {
        if (number is not { } index || !source.Rtp.IsNew(index)) return PacketFate.Replay;
        if (!_rtp.TryOpen(packet, header, ssrc, index, (uint)(index >> 16), tag)) return PacketFate.Authentication;
        Know(ref source, ssrc);
        source.Rtp.Take(index);
        return PacketFate.Taken;
    }

    /// <summary>
    /// The number that a sequence number stands for: the one nearest to the highest (RFC 3711 3.3.1). Null where it would be before the first or after the
    /// last that there is.
    /// </summary>
    private static ulong? IndexOf(ulong highest, ushort sequence)
    {
        var index = (long)highest + (short)(sequence - (ushort)highest);
        return index is < 0 or >= 1L << 48 ? null : (ulong)index;
    }

    /// <summary>Where a source is; where it would go, when it is new.</summary>
    private int Find(uint ssrc)
    {
        for (var i = 0; i < _count; i++)
            if (_sources[i].Ssrc == ssrc) return i;
        return _count;
    }

    private void Know(ref Source source, uint ssrc)
    {
        if (!source.Rtp.IsEmpty || !source.Rtcp.IsEmpty) return;
        source.Ssrc = ssrc;
        _count++;
    }
}
