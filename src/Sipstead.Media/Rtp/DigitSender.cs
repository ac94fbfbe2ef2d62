using Sipstead.Media.Audio;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Rtp;

/// <summary>
/// Sends key presses: as telephone-event where that was agreed on (RFC 4733 2.5.1: one timestamp, growing duration, the marker first, the end three times),
/// else as tones. Presses wait for each other; between two there is a pause.
/// </summary>
internal sealed class DigitSender(RtpSender sender)
{
    /// <summary>Presses that may wait.</summary>
    public const int Capacity = 64;

    private const int EndPackets = 3;

    /// <summary>Frames without a key behind each, for receivers of tones: 40 ms (ITU-T Q.24), beside the repeats of the end.</summary>
    private const int PauseFrames = 2;

    /// <summary>Power of an event: -10 dBm0.</summary>
    private const byte Volume = 10;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Queue<Press> _waiting = new(Capacity);
    private Press _press;
    private bool _isPressing;
    private DualTone _tone;

    /// <summary>Samples of the press that were sent.</summary>
    private long _sent;

    /// <summary>Frames behind the press that were sent: repeats of the end, and the pause.</summary>
    private int _after;

    /// <summary>Timestamp of the press, or of its present segment.</summary>
    private uint _timestamp;

    /// <summary>Units of its clock from the press to its present segment.</summary>
    private long _segmentStart;

    /// <summary>Adds a press. False when too many wait, and for what is no key.</summary>
    public bool TryAdd(char key, TimeSpan duration, Action ended)
    {
        key = char.ToUpperInvariant(key);
        var number = TelephoneEvent.Keys.IndexOf(key, StringComparison.Ordinal);
        if (number < 0 || _waiting.Count == Capacity) return false;
        var bounded = duration < Shortest ? Shortest : duration > Longest ? Longest : duration;
        _waiting.Enqueue(new Press(key, (byte)number, AudioFormat.SamplesIn(bounded), ended));
        return true;
    }

    /// <summary>
    /// Does the work of one frame. <see cref="DigitFrame.None"/> when no key is pressed; <see cref="DigitFrame.Tone"/> when the frame was filled and goes
    /// out as audio; <see cref="DigitFrame.Event"/> when no audio is to be sent.
    /// </summary>
    /// <param name="media">What was agreed on.</param>
    /// <param name="maySend">False to let the time pass in silence.</param>
    /// <param name="frame">For tones.</param>
    /// <param name="ended">What to call because a press ended; else null.</param>
    public DigitFrame Next(NegotiatedMedia media, bool maySend, Span<short> frame, out Action? ended)
    {
        ended = null;
        if (!_isPressing && !TryBegin()) return DigitFrame.None;
        var asEvent = media.Event is { } format && (format.Events >> _press.Number & 1) != 0;
        if (asEvent && maySend) SendEvent(media.Event!.Value);
        else if (!asEvent) FillTone(frame);
        Advance(asEvent, out ended);
        return asEvent ? DigitFrame.Event : DigitFrame.Tone;
    }

    private bool TryBegin()
    {
        if (!_waiting.TryDequeue(out _press)) return false;
        _isPressing = true;
        _tone = new DualTone(_press.Key);
        _timestamp = sender.Timestamp;
        _sent = 0;
        _after = 0;
        _segmentStart = 0;
        return true;
    }

    private void SendEvent(EventFormat format)
    {
        if (_after >= EndPackets) return;
        var step = format.ClockRate / AudioFormat.SampleRate;
        var samples = Math.Min(_sent + AudioFormat.FrameSamples, _press.Samples);
        var soFar = samples * step;
        var marker = _sent == 0;
        while (soFar - _segmentStart > ushort.MaxValue)
        {
            // The longest duration that a packet can tell; what follows has a timestamp of its own.
            sender.Send(new TelephoneEvent(_press.Number, false, Volume, ushort.MaxValue), _timestamp, marker: false, format.Payload);
            _timestamp += ushort.MaxValue;
            _segmentStart += ushort.MaxValue;
        }

        var isEnd = samples == _press.Samples;
        sender.Send(new TelephoneEvent(_press.Number, isEnd, Volume, (ushort)(soFar - _segmentStart)), _timestamp, marker, format.Payload);
    }

    private void FillTone(Span<short> frame)
    {
        if (_sent < _press.Samples) _tone.Read(frame);
        else frame.Clear();
    }

    private void Advance(bool asEvent, out Action? ended)
    {
        ended = null;
        if (_sent + AudioFormat.FrameSamples < _press.Samples)
        {
            _sent += AudioFormat.FrameSamples;
            return;
        }

        _sent = _press.Samples;
        _after++;
        if (_after <= (asEvent ? EndPackets : 1) - 1 + PauseFrames) return;
        _isPressing = false;
        ended = _press.Ended;
        _press = default;
    }

    private readonly record struct Press(char Key, byte Number, long Samples, Action Ended);
}

/// <summary>What a frame of a key press is.</summary>
internal enum DigitFrame
{
    None,
    Event,
    Tone,
}
