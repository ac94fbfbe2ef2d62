using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Sdp;

/// <summary>
/// Offer and answer with one party (RFC 3264): one audio stream over RTP/AVP or RTP/SAVP, with the codecs that are set and telephone-event. Our offers have the
/// codecs in our order, our answers in that of the offer. A description that is refused changes nothing. Belongs to one thread at a time.
/// </summary>
internal sealed class SdpNegotiator
{
    private const int DefaultPacketTime = 20;

    private readonly SdpConnection _connection;
    private readonly AddressFamily _family;
    private readonly int _port;
    private readonly IReadOnlyList<AudioCodec> _usable;
    private readonly KeyExchange _keys;
    private readonly string _sessionId = RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(CultureInfo.InvariantCulture);
    private long _version = 1;
    private byte[]? _sent;

    /// <summary>The media lines of the session; ours is at <see cref="_audio"/>. Once there, a line stays (RFC 3264 8).</summary>
    private IReadOnlyList<SdpMedia> _lines = [];
    private int _audio;

    /// <summary>The payload types in use; a number keeps its meaning all session long (RFC 3264 8.3.2).</summary>
    private MediaFormats _formats;
    private int _packetTime = DefaultPacketTime;
    private bool _hasOffered;

    /// <param name="advertised">The address that the party shall send to.</param>
    /// <param name="port">Our RTP port; RTCP is on the next.</param>
    /// <param name="codecs">The codecs that may be used, in the order of our offers.</param>
    /// <param name="protection">Whether media may or must be encrypted.</param>
    public SdpNegotiator(IPAddress advertised, int port, IReadOnlyList<AudioCodec> codecs, MediaProtection protection = MediaProtection.None)
    {
        _usable = codecs;
        _formats = MediaFormats.Offer(codecs);
        _keys = new KeyExchange(protection);
        _family = advertised.AddressFamily;
        _connection = new SdpConnection(_family == AddressFamily.InterNetworkV6 ? "IP6" : "IP4", advertised.ToString());
        _port = port;
    }

    /// <summary>What was agreed on last; null before the first agreement.</summary>
    public NegotiatedMedia? Agreed { get; private set; }

    /// <summary>An offer: the first one, or the current session offered anew.</summary>
    public byte[] Offer()
    {
        _hasOffered = true;
        var protocol = _lines.Count == 0 ? _keys.Protocol : _lines[_audio].Protocol;
        var audio = WriteAudio(protocol, _formats, SdpDirection.SendReceive, _packetTime, isRtcpMux: false, _keys.Offer());
        if (_lines.Count == 0) _lines = [audio];
        return Send(WithAudio(audio));
    }

    /// <summary>Answers an offer. On refusal the session is as before.</summary>
    public MediaAnswer Answer(ReadOnlySpan<byte> offer)
    {
        if (!SdpParser.TryParse(offer, out var theirs, out var error)) return new MediaAnswer(null, Unreadable(error));
        var refusal = MediaRefusal.NotAcceptable(304, "No audio stream is offered");
        (int Line, RemoteMedia Remote, KeyChoice Keys)? best = null;
        for (var i = 0; i < theirs.Media.Count; i++)
        {
            var media = theirs.Media[i];
            if (media.Type != "audio" || media.Port == 0) continue;
            var keys = _keys.Answer(media);
            var result = keys.Refusal is null ? RemoteMedia.Read(theirs, media, _family, _usable) : (null, keys.Refusal);
            if (result.Remote is not { } remote) refusal = result.Refusal!;
            else if (best is null || (best.Value.Keys.Keys is null && keys.Keys is not null)) best = (i, remote, keys); // of two lines the encrypted one
        }

        return best is { } chosen ? new MediaAnswer(Accept(theirs.Media, chosen.Line, chosen.Remote, chosen.Keys), null) : new MediaAnswer(null, refusal);
    }

    /// <summary>Takes an answer to <see cref="Offer"/>; null when it is fine. The answers of several responses to one offer are each taken.</summary>
    public MediaRefusal? AcceptAnswer(ReadOnlySpan<byte> answer)
    {
        if (!_hasOffered) return MediaRefusal.NotAcceptable(399, "There is an answer, and no offer");
        if (!SdpParser.TryParse(answer, out var theirs, out var error)) return Unreadable(error);
        if (!theirs.Media.Select(media => media.Type).SequenceEqual(_lines.Select(line => line.Type)))
            return MediaRefusal.NotAcceptable(399, "The answer has other media lines than the offer");
        var media = theirs.Media[_audio];
        if (media.Port == 0) return MediaRefusal.NotAcceptable(304, "The audio stream is refused");
        var keys = _keys.AcceptAnswer(media);
        if (keys.Refusal is not null) return keys.Refusal;
        var (remote, refusal) = RemoteMedia.Read(theirs, media, _family, _usable, _formats);
        if (remote is null) return refusal;
        if (!remote.Formats.Codecs.Any(WasOffered)) return MediaRefusal.NotAcceptable(305, "Incompatible media format");
        Agree(remote, keys);
        return null;
    }

    private byte[] Accept(IReadOnlyList<SdpMedia> lines, int audio, RemoteMedia remote, KeyChoice keys)
    {
        _hasOffered = false;
        _lines = lines;
        _audio = audio;
        _formats = remote.Formats;
        _packetTime = remote.PacketTime;
        Agree(remote, keys);
        var ours = WriteAudio(
            lines[audio].Protocol, _formats, remote.Direction.Reversed(), remote.PacketTime, remote.IsRtcpMux, keys.Ours is null ? [] : [keys.Ours]);
        var answer = Send(WithAudio(ours));
        _formats = _formats.With(_usable); // our next offer has the others too
        return answer;
    }

    private bool WasOffered(CodecFormat theirs) => _formats.Codecs.Any(ours => ours.Codec == theirs.Codec);

    private void Agree(RemoteMedia remote, KeyChoice keys)
    {
        _keys.Agree(keys);
        var direction = remote.Direction.Reversed();
        var format = remote.Formats.Codecs.First(WasOffered);
        var agreed = new NegotiatedMedia
        {
            Remote = remote.Address,
            RemoteRtcp = remote.RtcpAddress,
            IsRtcpMux = remote.IsRtcpMux,
            Keys = keys.Keys,
            MaySend = direction.HasFlag(SdpDirection.Send) && !remote.Address.IsNone,
            MayReceive = direction.HasFlag(SdpDirection.Receive),
            Format = format,
            Event = EventBeside(format.Codec, remote.Formats.Events),
            PacketSamples = format.Codec.PacketSamples(remote.PacketTime),
        };
        Expect(agreed, remote.Formats);
        Agreed = agreed;
    }

    /// <summary>Ours first: what comes in carries the numbers that we gave. Peers that use their own are understood where that is unambiguous.</summary>
    private void Expect(NegotiatedMedia agreed, MediaFormats theirs)
    {
        foreach (var format in _formats.Codecs) agreed.Expect(format.Payload, PayloadUse.Of(format.Codec));
        if (theirs.Events.Count > 0)
            foreach (var format in _formats.Events) agreed.Expect(format.Payload, PayloadUse.Of(format));
        foreach (var format in theirs.Events) agreed.Expect(format.Payload, PayloadUse.Of(format));
        foreach (var format in theirs.Codecs.Where(WasOffered)) agreed.Expect(format.Payload, PayloadUse.Of(format.Codec));
        agreed.Expect(ComfortNoise.Payload, PayloadUse.ComfortNoise); // asked for by nobody, but sent by some
    }

    /// <summary>Telephone-event at the codec's clock. Parties that have it at another one only, and Opus, use it all the same.</summary>
    private static EventFormat? EventBeside(AudioCodec codec, IReadOnlyList<EventFormat> events)
    {
        foreach (var format in events)
            if (format.ClockRate == codec.ClockRate) return format;
        return events.Count > 0 ? events[0] : null;
    }

    private SdpMedia WriteAudio(
        string protocol, MediaFormats formats, SdpDirection direction, int packetTime, bool isRtcpMux, IReadOnlyList<CryptoAttribute> keys)
    {
        List<string> payloads = [];
        List<SdpAttribute> attributes = [];
        foreach (var (payload, codec, _) in formats.Codecs)
        {
            var channels = codec.Channels == 1 ? "" : $"/{codec.Channels}";
            Add(payload, $"{codec.Name}/{codec.ClockRate}{channels}", codec.Parameters);
        }

        foreach (var (payload, clockRate, _) in formats.Events) Add(payload, $"telephone-event/{clockRate}", "0-15");
        attributes.AddRange(keys.Select(key => key.Write()));
        attributes.Add(new SdpAttribute("ptime", packetTime.ToString(CultureInfo.InvariantCulture)));
        attributes.Add(new SdpAttribute(direction.Name()));
        if (isRtcpMux) attributes.Add(new SdpAttribute("rtcp-mux"));
        return new SdpMedia { Type = "audio", Port = (ushort)_port, Protocol = protocol, Formats = payloads, Attributes = attributes };

        void Add(byte payload, string map, string? parameters)
        {
            payloads.Add(payload.ToString(CultureInfo.InvariantCulture));
            attributes.Add(new SdpAttribute("rtpmap", $"{payload} {map}"));
            if (parameters is not null) attributes.Add(new SdpAttribute("fmtp", $"{payload} {parameters}"));
        }
    }

    /// <summary>The session's lines with ours in its place; the others are refused.</summary>
    private List<SdpMedia> WithAudio(SdpMedia audio) =>
        [.. _lines.Select((line, i) => i == _audio
            ? audio
            : new SdpMedia { Type = line.Type, Port = 0, Protocol = line.Protocol, Formats = line.Formats })];

    /// <summary>Writes a description; the version rises exactly when something changed (RFC 3264 5, 8).</summary>
    private byte[] Send(List<SdpMedia> lines)
    {
        var text = Write(lines);
        if (_sent is not null && !text.AsSpan().SequenceEqual(_sent))
        {
            _version++;
            text = Write(lines);
        }

        _sent = text;
        return text;
    }

    private byte[] Write(List<SdpMedia> lines) => SdpWriter.Write(new SdpDescription
    {
        Origin = new SdpOrigin("-", _sessionId, _version.ToString(CultureInfo.InvariantCulture), _connection.AddressType, _connection.Address),
        Connection = _connection,
        Media = lines,
    });

    private static MediaRefusal Unreadable(SdpError error) => new(400, error.Phrase());
}
