using Sipstead.Media.Codecs;

namespace Sipstead.Media.Rtp;

/// <summary>
/// Puts what comes in at any time and order into a steady flow. A ring of samples at their timestamps, of which each is there or not: packets of any length,
/// out of order, twice or lost, come down to that. Starts 60 ms behind the first packet, and further behind when packets prove to be late. Gaps are filled
/// with the last 20 ms, fading over 60 ms into silence.
/// </summary>
internal sealed class JitterBuffer
{
    /// <summary>Samples that it holds at most; a power of two, about one second.</summary>
    public const int Capacity = 8192;

    /// <summary>Samples that playing starts behind the newest packet: 60 ms.</summary>
    public const int FirstDelay = 480;

    private const int MaxDelay = 1600;
    private const int DelayStep = 160;

    /// <summary>Samples above the delay from which on it is cut back to it: 120 ms, so that a burst or a fast clock does not delay a call for good.</summary>
    private const int Slack = 960;

    private const int Mask = Capacity - 1;
    private const int WordBits = 64;
    private const int HistorySize = 160;
    private const int FadeSamples = 480;

    private readonly short[] _samples = new short[Capacity];
    private readonly ulong[] _present = new ulong[Capacity / WordBits];
    private readonly short[] _history = new short[HistorySize];
    private int _historyAt;
    private int _gap;
    private bool _isRunning;
    private int _delay = FirstDelay;

    /// <summary>Timestamp of the sample that is played next.</summary>
    private uint _at;

    /// <summary>Timestamp behind the newest sample.</summary>
    private uint _end;

    /// <summary>Packets that came after their time.</summary>
    public long Late { get; private set; }

    /// <summary>Samples between now and the newest; not above zero when nothing waits.</summary>
    public int Depth => (int)(_end - _at);

    /// <summary>Forgets everything: a new source has its own timestamps.</summary>
    public void Reset()
    {
        _isRunning = false;
        _delay = FirstDelay;
        _gap = FadeSamples;
    }

    /// <summary>Takes the audio of a packet.</summary>
    /// <param name="timestamp">Of its first sample.</param>
    /// <param name="isTalkStart">The marker bit: a good moment to begin anew, if nothing waits.</param>
    public void Write(uint timestamp, ReadOnlySpan<byte> codes, AudioCodec codec, bool isTalkStart)
    {
        if (codes.Length is 0 or > Capacity / 2) return;
        var offset = (int)(timestamp - _at);
        if (!_isRunning || (isTalkStart && Depth <= 0) || offset > Capacity - codes.Length || offset < -Capacity) Start(timestamp);
        else if (offset + codes.Length <= 0)
        {
            Late++;
            if (Depth > 0) return;
            _delay = Math.Min(_delay + DelayStep, MaxDelay); // everything comes late: be further behind
            Start(timestamp);
        }

        var missed = Math.Max(-(int)(timestamp - _at), 0);
        Store(timestamp + (uint)missed, codes[missed..], codec);
        if (Depth > _delay + Slack) SkipTo(_end - (uint)_delay);
    }

    /// <summary>Fills a frame with what is due. False, with nothing written, before the first packet.</summary>
    public bool Read(Span<short> frame)
    {
        if (!_isRunning) return false;
        while (!frame.IsEmpty)
        {
            var (word, mask, count) = Run(_at, frame.Length);
            var index = (int)(_at & Mask);
            if ((_present[word] & mask) == mask) Play(_samples.AsSpan(index, count), frame);
            else if ((_present[word] & mask) == 0) Conceal(frame[..count]);
            else
            {
                // A run that is there in part: one sample, and on with the rest.
                count = 1;
                mask = 1UL << (index % WordBits);
                if ((_present[word] & mask) != 0) Play(_samples.AsSpan(index, count), frame);
                else Conceal(frame[..count]);
            }

            _present[word] &= ~mask;
            _at += (uint)count;
            frame = frame[count..];
        }

        return true;
    }

    /// <summary>The next samples whose bits lie in one word: the word, their bits, and how many they are.</summary>
    private static (int Word, ulong Mask, int Count) Run(uint timestamp, int length)
    {
        var index = (int)(timestamp & Mask);
        var first = index % WordBits;
        var count = Math.Min(WordBits - first, length);
        return (index / WordBits, ulong.MaxValue >> (WordBits - count) << first, count);
    }

    private void Start(uint timestamp)
    {
        Array.Clear(_present);
        _isRunning = true;
        _at = timestamp - (uint)_delay;
        _end = timestamp;
    }

    private void Store(uint timestamp, ReadOnlySpan<byte> codes, AudioCodec codec)
    {
        var index = (int)(timestamp & Mask);
        var first = Math.Min(codes.Length, Capacity - index);
        codec.Decode(codes[..first], _samples.AsSpan(index));
        codec.Decode(codes[first..], _samples);
        Mark(timestamp, codes.Length, isPresent: true);
        var end = timestamp + (uint)codes.Length;
        if ((int)(end - _end) > 0) _end = end;
    }

    private void SkipTo(uint timestamp)
    {
        Mark(_at, (int)(timestamp - _at), isPresent: false);
        _at = timestamp;
    }

    private void Mark(uint timestamp, int length, bool isPresent)
    {
        while (length > 0)
        {
            var (word, mask, count) = Run(timestamp, length);
            if (isPresent) _present[word] |= mask;
            else _present[word] &= ~mask;
            timestamp += (uint)count;
            length -= count;
        }
    }

    private void Play(ReadOnlySpan<short> samples, Span<short> frame)
    {
        samples.CopyTo(frame);
        _gap = 0;
        var first = Math.Min(samples.Length, HistorySize - _historyAt);
        samples[..first].CopyTo(_history.AsSpan(_historyAt));
        samples[first..].CopyTo(_history);
        _historyAt = (_historyAt + samples.Length) % HistorySize;
    }

    private void Conceal(Span<short> frame)
    {
        var faded = Math.Min(frame.Length, FadeSamples - _gap);
        for (var i = 0; i < faded; i++, _gap++)
            frame[i] = (short)(_history[(_historyAt + _gap) % HistorySize] * (FadeSamples - _gap) / FadeSamples);
        frame[faded..].Clear();
    }
}
