using Sipstead.Media.Codecs;

namespace Sipstead.Media.Rtp;

/// <summary>
/// Puts what comes in at any time and order into a steady flow: payloads wait, and are decoded in order when they are due, since codecs have a memory. Starts
/// 60 ms behind the first packet, and further behind when packets prove to be late. Gaps are filled by the codec where it knows how, with the party's noise
/// where it told of a pause, else by <see cref="Concealment"/>.
/// </summary>
internal sealed class JitterBuffer : IDisposable
{
    /// <summary>Samples that a packet may be ahead or behind without counting as a new beginning: about one second.</summary>
    public const int Capacity = 8192;

    /// <summary>Samples that playing starts behind the newest packet: 60 ms.</summary>
    public const int FirstDelay = 480;

    private const int MaxDelay = 1600;
    private const int DelayStep = 160;

    /// <summary>Samples above the delay from which on it is cut back to it: 120 ms, so that a burst or a fast clock does not delay a call for good.</summary>
    private const int Slack = 960;

    /// <summary>Samples of a payload at most; a datagram has no more octets.</summary>
    private const int MaxSamples = 2048;

    /// <summary>Samples of one gap that count as concealed: behind that, the party is silent.</summary>
    private const int MaxGap = 8000;

    private readonly PayloadQueue _queue = new();
    private readonly Concealment _concealment = new();
    private readonly ComfortNoise _noise = new();
    private readonly Dictionary<AudioCodec, IPayloadDecoder> _decoders = [];
    private readonly short[] _decoded = new short[MaxSamples];

    /// <summary>What is decoded and not yet heard.</summary>
    private int _from;
    private int _to;

    /// <summary>Codec of what was heard last; null before that.</summary>
    private AudioCodec? _codec;

    /// <summary>Units of the timestamps for each sample.</summary>
    private int _step = 1;
    private bool _isRunning;
    private int _delay = FirstDelay;

    /// <summary>Timestamp of the sample that is heard next.</summary>
    private uint _at;

    /// <summary>Timestamp behind the newest sample.</summary>
    private uint _end;

    /// <summary>Samples made up since the last payload, which ended at <see cref="_lastEnd"/>.</summary>
    private int _gap;
    private uint _lastEnd;
    private ushort _lastSequence;

    /// <summary>Packets that came after their time.</summary>
    public long Late { get; private set; }

    /// <summary>Samples that were made up because packets were lost or late; pauses of the party are none.</summary>
    public long Concealed { get; private set; }

    /// <summary>Samples between now and the newest; not above zero when nothing waits.</summary>
    public int Depth => (int)(_end - _at) / _step;

    /// <summary>Forgets everything: a new source has its own timestamps.</summary>
    public void Reset()
    {
        _isRunning = false;
        _delay = FirstDelay;
        _codec = null;
        _gap = 0;
        _queue.Clear();
        _from = _to = 0;
        _noise.End();
        _concealment.Forget();
        DropDecoders();
    }

    /// <summary>Takes the audio of a packet.</summary>
    /// <param name="sequence">Its place among the packets of audio.</param>
    /// <param name="timestamp">Of its first sample.</param>
    /// <param name="isTalkStart">The marker bit: a good moment to begin anew, if nothing waits.</param>
    public void Write(ushort sequence, uint timestamp, ReadOnlySpan<byte> payload, AudioCodec codec, bool isTalkStart)
    {
        var samples = codec.SamplesIn(payload);
        if (samples is 0 or > MaxSamples) return;
        if (codec.ClockStep != _step) Reset();
        _step = codec.ClockStep;
        var offset = (int)(timestamp - _at) / _step;
        if (!_isRunning || (isTalkStart && Depth <= 0) || offset > Capacity - samples || offset < -Capacity) Start(timestamp);
        else if (offset + samples <= 0)
        {
            Late++;
            if (Depth > 0) return;
            _delay = Math.Min(_delay + DelayStep, MaxDelay); // everything comes late: be further behind
            Start(timestamp);
        }

        Late += _queue.Add(new WaitingPayload(timestamp, sequence, codec, samples), payload);
        var end = timestamp + (uint)(samples * _step);
        if ((int)(end - _end) > 0) _end = end;
        if (Depth > _delay + Slack) SkipTo(_end - (uint)(_delay * _step));
    }

    /// <summary>Takes a packet of comfort noise: from its time on, until there is audio.</summary>
    public void WriteNoise(uint timestamp, ReadOnlySpan<byte> payload)
    {
        if (!_isRunning || _step != 1) return; // its clock is 8 kHz, so it does not belong to a codec of another one
        if ((int)(timestamp - _at) is > 0 and <= Capacity) _queue.Add(new WaitingPayload(timestamp, 0, null, 0), payload);
        else if (Depth <= 0) _noise.Begin(payload);
    }

    /// <summary>Fills a frame with what is due. False, with nothing written, before the first packet.</summary>
    public bool Read(Span<short> frame)
    {
        if (!_isRunning) return false;
        while (!frame.IsEmpty)
        {
            var count = 0;
            if (_from == _to && DecodeDue(out var next) is > 0 and var gap) count = Bridge(frame, gap, next);
            if (count == 0) count = Play(frame);
            _at += (uint)(count * _step);
            frame = frame[count..];
        }

        return true;
    }

    public void Dispose() => DropDecoders();

    private void DropDecoders()
    {
        foreach (var decoder in _decoders.Values) decoder.Dispose();
        _decoders.Clear();
    }

    private void Start(uint timestamp)
    {
        _queue.Clear();
        _from = _to = 0;
        _isRunning = true;
        _at = timestamp - (uint)(_delay * _step);
        _end = timestamp;
    }

    private void SkipTo(uint timestamp)
    {
        while (_queue.FindEarliest(_at) is >= 0 and var place && (int)(_queue[place].Timestamp - timestamp) < 0)
        {
            if ((int)(_queue[place].Timestamp - timestamp) + (_queue[place].Samples * _step) > 0) break;
            if (_queue[place].Codec is not null) Late++;
            _queue.Remove(place);
        }

        _from = _to = 0;
        _at = timestamp;
    }

    /// <summary>Decodes what is due. Returns the samples until the next payload instead when that is not due yet; all there are when none waits.</summary>
    private int DecodeDue(out int next)
    {
        while ((next = _queue.FindEarliest(_at)) >= 0)
        {
            ref readonly var payload = ref _queue[next];
            var offset = (int)(payload.Timestamp - _at) / _step;
            if (offset > 0) return offset;
            if (payload.Codec is null) _noise.Begin(_queue.OctetsOf(next));
            else if (offset + payload.Samples > 0) Decode(payload, _queue.OctetsOf(next), -offset);
            _queue.Remove(next);
            if (_from < _to) return 0;
        }

        return int.MaxValue;
    }

    private void Decode(in WaitingPayload payload, ReadOnlySpan<byte> octets, int missed)
    {
        if (DecoderOf(payload.Codec!).Decode(octets, _decoded) is var count && count <= missed) return;
        (_from, _to) = (missed, count);
        // Numbers in line where the timestamps leave a gap: the party paused, and nothing was lost.
        var hasPaused = payload.Sequence == (ushort)(_lastSequence + 1) && (int)(payload.Timestamp - _lastEnd) > 0;
        if (_codec is not null && !hasPaused) Concealed += _gap;
        _gap = 0;
        _codec = payload.Codec;
        _lastSequence = payload.Sequence;
        _lastEnd = payload.Timestamp + (uint)(count * _step);
        _noise.End();
    }

    private IPayloadDecoder DecoderOf(AudioCodec codec)
    {
        if (_decoders.TryGetValue(codec, out var decoder)) return decoder;
        return _decoders[codec] = codec.CreateDecoder();
    }

    private int Play(Span<short> frame)
    {
        var count = Math.Min(frame.Length, _to - _from);
        _decoded.AsSpan(_from, count).CopyTo(frame);
        _from += count;
        _concealment.Hear(frame[..count]);
        return count;
    }

    /// <summary>Fills the frame, or its beginning, where there is nothing to decode. Returns none when the codec made up what is to be played instead.</summary>
    private int Bridge(Span<short> frame, int gap, int next)
    {
        var count = Math.Min(frame.Length, gap);
        if (_noise.IsOn)
        {
            _noise.Fill(frame[..count]);
            _concealment.Hear(frame[..count]);
            return count;
        }

        if (_codec is null)
        {
            frame[..count].Clear();
            return count;
        }

        if (TryConceal(count, gap, next)) return 0;
        _gap = Math.Min(_gap + count, MaxGap);
        _concealment.Fill(frame[..count]);
        return count;
    }

    /// <summary>Lets the codec make up what is missing. The payload behind the gap helps where nothing else can come between.</summary>
    private bool TryConceal(int missing, int gap, int next)
    {
        ReadOnlySpan<byte> behind = default;
        if (next >= 0 && _queue[next].Codec == _codec)
        {
            var samples = _queue[next].Samples;
            if (gap <= samples)
            {
                missing = gap;
                behind = _queue.OctetsOf(next);
            }
            else
            {
                missing = Math.Min(missing, gap - samples);
            }
        }

        var count = DecoderOf(_codec!).Conceal(missing, behind, _decoded);
        if (count <= 0) return false;
        (_from, _to) = (0, Math.Min(count, missing));
        _gap = Math.Min(_gap + _to, MaxGap);
        return true;
    }
}
