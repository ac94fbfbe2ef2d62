using System.Net;
using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;
using Sipstead.Media.Rtp;
using Sipstead.Media.Sdp;

namespace Sipstead.Media;

/// <summary>
/// The media of one leg of a call: offer and answer with its party, and audio and key presses both ways. Any thread may use it. What it calls back it calls
/// from the media clock's thread, outside its locks; that must not block.
/// </summary>
public sealed class MediaSession : IAudioOutput, IDisposable
{
    private readonly MediaEngine _engine;
    private readonly MediaMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SdpNegotiator _negotiator;
    private readonly AudioStream _stream;

    /// <summary>Guards the negotiator. Taken before <see cref="_gate"/>, so that reading a description does not hold up the clock.</summary>
    private readonly Lock _negotiating = new();

    /// <summary>Guards the stream.</summary>
    private readonly Lock _gate = new();
    private readonly AudioTaps _inbound = new();
    private readonly AudioTaps _outbound = new();
    private volatile Action<char>? _digitReceived;
    private volatile bool _isEnded;

    internal MediaSession(MediaEngine engine, SdpNegotiator negotiator, AudioStream stream, MediaMetrics metrics, ILogger logger)
    {
        _engine = engine;
        _negotiator = negotiator;
        _stream = stream;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Called once for each key that the party presses.</summary>
    public Action<char>? DigitReceived
    {
        get => _digitReceived;
        set => _digitReceived = value;
    }

    /// <summary>True while the party holds us: it takes no media.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate) return _stream.IsHeld;
        }
    }

    /// <summary>What was sent and received so far.</summary>
    public MediaStatistics Statistics
    {
        get
        {
            lock (_gate) return _stream.Count();
        }
    }

    /// <summary>
    /// Says where the party's signalling comes from. Media from another host than its description's is then believed from this one only; set it before offer
    /// and answer wherever it is known.
    /// </summary>
    public void ExpectFrom(IPAddress? signalling)
    {
        lock (_gate) _stream.Expect(signalling);
    }

    /// <summary>
    /// From now on, tells once when nothing came from the party for <see cref="MediaOptions.Timeout"/>: neither RTP nor RTCP, and it was not on hold meanwhile.
    /// Before a call is answered nobody has to send.
    /// </summary>
    public void WatchSilence(Action lost)
    {
        ArgumentNullException.ThrowIfNull(lost);
        lock (_gate) _stream.WatchSilence(lost);
    }

    /// <summary>
    /// An offer: all that we can, sending and receiving. With encryption it holds new keys, unless one still waits for its answer: then it is that one again.
    /// </summary>
    public byte[] CreateOffer()
    {
        lock (_negotiating) return _negotiator.Offer();
    }

    /// <summary>The session as it is, offered anew, for an INVITE within the dialog that has no offer (RFC 3261 14.2).</summary>
    public byte[] CurrentOffer() => CreateOffer();

    /// <summary>Reads an offer, also one within the dialog, and makes the answer. On refusal the old state stays.</summary>
    public MediaAnswer Answer(ReadOnlySpan<byte> offer)
    {
        lock (_negotiating)
        {
            var answer = _negotiator.Answer(offer);
            if (answer.Refusal is null) Apply();
            return answer;
        }
    }

    /// <summary>Takes the answer to <see cref="CreateOffer"/>, also several to one. Null when it is fine; on refusal the old state stays.</summary>
    public MediaRefusal? AcceptAnswer(ReadOnlySpan<byte> answer)
    {
        lock (_negotiating)
        {
            var refusal = _negotiator.AcceptAnswer(answer);
            if (refusal is null) Apply();
            return refusal;
        }
    }

    /// <summary>
    /// Gives a track to a sink as well, a frame every 20 ms, until disposed: <see cref="AudioTrack.Inbound"/> from the party's first packet on, with gaps
    /// concealed or silent, <see cref="AudioTrack.Outbound"/> from the first agreement on, silence where nothing plays. Of one beat the inbound frame comes
    /// first. A frame may still be on its way while the tap is disposed.
    /// </summary>
    public IDisposable Tap(AudioTrack track, IAudioSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return (track == AudioTrack.Inbound ? _inbound : _outbound).Add(sink);
    }

    public void Play(IAudioSource source, Action ended)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(ended);
        lock (_gate) _stream.Play(source, ended);
    }

    public void StopPlaying()
    {
        lock (_gate) _stream.StopPlaying();
    }

    /// <summary>Lets the party hear a source over what plays, until the source ends or the result is disposed. While a key is pressed it waits.</summary>
    public IDisposable Overlay(IAudioSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _stream.Overlays.Add(source);
    }

    /// <summary>Presses a key: a telephone-event, or tones where that was not agreed on. Presses wait for each other; what plays waits meanwhile.</summary>
    /// <param name="digit">0 to 9, *, #, A to D.</param>
    /// <param name="duration">How long; within 40 ms and one minute.</param>
    /// <param name="ended">Called once when the key was let go and the pause behind it is over; at once for what is no key or when 64 presses wait.</param>
    public void SendDigit(char digit, TimeSpan duration, Action ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        bool isTaken;
        lock (_gate) isTaken = _stream.TrySendDigit(digit, duration, ended);
        if (isTaken) return;
        _metrics.DigitRefused();
        ended();
    }

    /// <summary>Ends the session: BYE to the party, and the ports rest.</summary>
    public void Dispose()
    {
        PortPair ports;
        lock (_gate)
        {
            if (_isEnded) return;
            _isEnded = true;
            _inbound.Clear();
            _outbound.Clear();
            _digitReceived = null;
            ports = _stream.End();
        }

        _engine.Remove(this, ports);
    }

    /// <summary>The work of one frame; called by the media clock.</summary>
    internal void Tick(MediaTick tick)
    {
        tick.Clear();
        try
        {
            lock (_gate)
            {
                if (_isEnded) return;
                _stream.Tick(tick);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            MediaLog.SessionFailed(_logger, e); // a defect of ours costs one call a frame, not all calls the clock
        }

        if (tick.HasHeard) _inbound.Write(tick.Heard, _logger);
        if (tick.HasSaid) _outbound.Write(tick.Said, _logger);
        foreach (var digit in tick.Digits[..tick.DigitCount]) TellDigit(digit);
        Call(tick.DigitEnded);
        Call(tick.PlayEnded);
        if (tick.Lost is null) return;
        _metrics.SessionLost();
        Call(tick.Lost);
    }

    private void TellDigit(char digit)
    {
        try
        {
            _digitReceived?.Invoke(digit);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            MediaLog.CallFailed(_logger, e);
        }
    }

    private void Call(Action? ended)
    {
        try
        {
            ended?.Invoke();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            MediaLog.CallFailed(_logger, e);
        }
    }

    private void Apply()
    {
        lock (_gate) _stream.Apply(_negotiator.Agreed!);
    }
}
