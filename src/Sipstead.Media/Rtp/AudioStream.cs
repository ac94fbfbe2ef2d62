using System.Net;
using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;
using Sipstead.Media.Detection;
using Sipstead.Media.Sdp;
using Sipstead.Media.Srtp;

namespace Sipstead.Media.Rtp;

/// <summary>
/// A party's audio on its two ports, both ways: the work of one session for each frame. Not safe for several threads; its session sees to that.
/// </summary>
#pragma warning disable CA1001 // its session ends it by End, which frees what it holds
internal sealed class AudioStream
#pragma warning restore CA1001
{
    /// <summary>Receive calls for each port and frame: what a flood brings above that is dropped by the kernel.</summary>
    private const int MaxBatches = 4;

    /// <summary>RTCP is looked for every so many frames.</summary>
    private const int RtcpFrames = 5;

    private readonly PortPair _ports;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly MediaMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SourceLatch _latch;
    private readonly RtpReceiver _receiver;
    private readonly RtpOutput _output;
    private readonly RtpSender _sender;
    private readonly DigitSender _digits;
    private readonly RtcpReporter _reporter;
    private readonly AudioPlayer _player;
    private NegotiatedMedia? _media;
    private DtmfDetector? _tones;
    private SrtpSession? _encryption;
    private MediaAddress _rtcpSource;
    private Action? _lost;
    private long _heardAt;
    private long _watchedAt;
    private long _dropped;
    private int _frame;

    public AudioStream(PortPair ports, IPAddress local, TimeSpan timeout, TimeProvider time, MediaMetrics metrics, ILogger logger)
    {
        _ports = ports;
        _timeout = timeout;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _latch = new SourceLatch(time, new MediaAddress(local, ports.Rtp.Port));
        _receiver = new RtpReceiver(_latch);
        _output = new RtpOutput(ports.Rtp, metrics);
        _sender = new RtpSender(_output);
        _digits = new DigitSender(_sender);
        _reporter = new RtcpReporter(_sender, _receiver, time);
        _player = new AudioPlayer(logger);
        Overlays = new AudioOverlays(logger);
    }

    /// <summary>What the party hears over what plays.</summary>
    public AudioOverlays Overlays { get; }

    /// <summary>True while the party holds us.</summary>
    public bool IsHeld => _media is { MaySend: false };

    /// <summary>Says where the party's signalling comes from.</summary>
    public void Expect(IPAddress? signalling) => _latch.Signalling = signalling is null ? default : new MediaAddress(signalling, ushort.MaxValue);

    /// <summary>Takes what was agreed on.</summary>
    public void Apply(NegotiatedMedia media)
    {
        if (_media is null) _heardAt = _time.GetTimestamp();
        if (media.IsTalk && _media is { IsTalk: false }) _watchedAt = _time.GetTimestamp(); // a hold is over: the party starts anew
        if (media.Keys is { } keys) Encrypt(keys);
        _media = media;
        _receiver.Media = media;
        _tones = media.Event is null ? _tones ?? new DtmfDetector() : null;
        _sender.Restart();
        if (!media.Remote.IsNone) _latch.Open(media.Remote); // on hold by the unspecified address, the old one stays
    }

    /// <summary>Tells once, from a tick, when the party has been silent for too long from now on.</summary>
    public void WatchSilence(Action lost)
    {
        _lost = lost;
        _watchedAt = _time.GetTimestamp();
    }

    /// <summary>Plays a source instead of what plays.</summary>
    public void Play(IAudioSource source, Action ended) => _player.Play(source, ended);

    public void StopPlaying() => _player.Stop();

    public bool TrySendDigit(char digit, TimeSpan duration, Action ended) => _digits.TryAdd(digit, duration, ended);

    /// <summary>One frame: takes what came, and sends what is due.</summary>
    public void Tick(MediaTick tick)
    {
        Drain(tick.Batch, _ports.Rtp);
        if (_frame++ % RtcpFrames == 0) Drain(tick.Batch, _ports.Rtcp);
        tick.HasHeard = _receiver.Read(tick.Heard);
        if (_receiver.DigitCount > 0) tick.DigitCount = _receiver.TakeDigits(tick.Digits);
        if (tick.HasHeard && _tones?.Take(tick.Heard) is { } key) tick.AddDigit(key);
        if (_media is not { } media) return;
        if (tick.Skipped > 0) _sender.Pause(tick.Skipped);
        _output.Destination = _latch.Destination;
        Say(tick, media);
        tick.HasSaid = true;
        if (_reporter.TakeDue()) SendReport(isBye: false);
        if (_lost is not null && IsLost(media)) (tick.Lost, _lost) = (_lost, null);
    }

    /// <summary>Says good-bye to the party (RFC 3550 6.6), and gives the ports back.</summary>
    public PortPair End()
    {
        if (_media is not null && (_sender.Packets > 0 || _receiver.HasSource)) SendReport(isBye: true);
        Overlays.Clear();
        _output.Encryption = null;
        _encryption?.Dispose();
        _sender.Dispose();
        _receiver.Dispose();
        return _ports;
    }

    public MediaStatistics Count() => new()
    {
        PacketsSent = _sender.Packets,
        OctetsSent = _sender.Octets,
        PacketsReceived = _receiver.Packets,
        OctetsReceived = _receiver.Octets,
        PacketsLost = Math.Max(_receiver.Statistics.Lost, 0),
        PacketsLate = _receiver.Late,
        PacketsDropped = _dropped,
        Jitter = _receiver.Statistics.JitterTime,
        Concealed = TimeSpan.FromSeconds((double)_receiver.Concealed / AudioFormat.SampleRate),
        RemoteLossPercent = _reporter.Remote?.LossPercent,
        RemoteJitter = _reporter.Remote?.Jitter,
        RoundTrip = _reporter.RoundTrip,
        Codec = _media?.Codec.Name,
        Encryption = _encryption?.Suite.Name,
        Silence = _media is null ? TimeSpan.Zero : _time.GetElapsedTime(_heardAt),
    };

    private bool IsLost(NegotiatedMedia media) =>
        _timeout > TimeSpan.Zero && media.IsTalk && _time.GetElapsedTime(Math.Max(_heardAt, _watchedAt)) >= _timeout;

    private void Drain(PacketBatch batch, MediaSocket socket)
    {
        for (var round = 0; round < MaxBatches; round++)
        {
            var count = batch.Receive(socket);
            for (var slot = 0; slot < count; slot++)
            {
                var fate = Take(batch.Packet(slot), batch.SourceOf(slot), batch.ArrivalOf(slot), socket == _ports.Rtp);
                if (fate == PacketFate.Taken) continue;
                _dropped++;
                _metrics.Dropped(fate);
            }

            if (count < PacketBatch.Capacity) return;
        }
    }

    /// <summary>Once encrypted, media stays so: the negotiator takes no agreement in clear after that.</summary>
    private void Encrypt(SrtpKeys keys)
    {
        if (_encryption is null) _encryption = new SrtpSession(keys);
        else _encryption.Change(keys);
        _output.Encryption = _encryption;
    }

    private PacketFate Take(Span<byte> packet, MediaAddress source, TimeSpan arrival, bool isRtpPort)
    {
        switch (PacketKinds.Of(packet))
        {
            case PacketKind.Rtp when isRtpPort:
                return TakeRtp(packet, source, arrival);
            case PacketKind.Rtcp when !isRtpPort || _media is { IsRtcpMux: true }:
                return TakeRtcp(packet, source, isRtpPort);
            default:
                return PacketFate.Kind;
        }
    }

    private PacketFate TakeRtp(Span<byte> packet, MediaAddress source, TimeSpan arrival)
    {
        if (_encryption is not null)
        {
            if (!_latch.MayAccept(source)) return PacketFate.Source; // for less than a tag costs
            if (_encryption.Unprotect(packet, isRtcp: false, out var length) is not PacketFate.Taken and var refused) return refused;
            packet = packet[..length];
        }

        var before = _latch.Locked;
        var fate = _receiver.Take(packet, source, arrival);
        if (fate == PacketFate.Taken) _heardAt = _time.GetTimestamp();
        if (_latch.Locked == before) return fate;
        _rtcpSource = default;
        MediaLog.SourceLocked(_logger, _latch.Locked);
        return fate;
    }

    /// <summary>Reports count only from the host that media comes from; they steer nothing but the address of ours.</summary>
    private PacketFate TakeRtcp(Span<byte> packet, MediaAddress source, bool isRtpPort)
    {
        if (_media is not { } media) return PacketFate.Unexpected;
        if (source != media.RemoteRtcp && !(!_latch.Locked.IsNone && source.HasSameHost(_latch.Locked))) return PacketFate.Source;
        if (_encryption is not null)
        {
            if (_encryption.Unprotect(packet, isRtcp: true, out var length) is not PacketFate.Taken and var refused) return refused;
            packet = packet[..length];
        }

        if (!_reporter.TryTake(packet)) return PacketFate.Malformed;
        if (!isRtpPort) _rtcpSource = source;
        _heardAt = _time.GetTimestamp();
        return PacketFate.Taken;
    }

    /// <summary>
    /// Without a source, silence is sent: that keeps NATs open and phones content. While held the source runs on, so that its end comes in time; only before
    /// the party can be reached at all it waits, so that nobody misses the beginning.
    /// </summary>
    private void Say(MediaTick tick, NegotiatedMedia media)
    {
        var maySend = media.MaySend && !_output.Destination.IsNone;
        var frame = tick.Said;
        var kind = _digits.Next(media, maySend, frame, out var digitEnded);
        tick.DigitEnded = digitEnded;
        if (kind == DigitFrame.None && !(media.MaySend && !maySend && _latch.IsOpen)) PullFrame(tick);
        else if (kind != DigitFrame.Tone) frame.Clear();
        if (maySend && kind != DigitFrame.Event) _sender.Send(frame, media);
        else _sender.Pause();
    }

    private void PullFrame(MediaTick tick)
    {
        tick.PlayEnded = _player.Pull(tick.Said);
        Overlays.Mix(tick.Said);
    }

    private void SendReport(bool isBye)
    {
        if (_media is not { } media) return;
        var isMux = media.IsRtcpMux;
        var destination = isMux ? _latch.Destination : RtcpDestination(media);
        if (destination.IsNone) return;
        Span<byte> octets = stackalloc byte[RtcpWriter.MaxSize + SrtpSuite.MaxOverhead];
        var length = _reporter.Write(octets, isBye);
        var isReady = _encryption is null || _encryption.TryProtectRtcp(octets, ref length);
        if (!isReady || !(isMux ? _ports.Rtp : _ports.Rtcp).TrySend(octets[..length], destination)) _metrics.Unsent();
    }

    /// <summary>Where reports go: where the party's come from, else where its description says, unless its media comes from elsewhere.</summary>
    private MediaAddress RtcpDestination(NegotiatedMedia media)
    {
        if (!_rtcpSource.IsNone) return _rtcpSource;
        var destination = _latch.Destination;
        if (destination.IsNone) return default;
        return destination.HasSameHost(media.RemoteRtcp) ? media.RemoteRtcp : destination.WithPort(Math.Min(destination.Port + 1, ushort.MaxValue));
    }
}
