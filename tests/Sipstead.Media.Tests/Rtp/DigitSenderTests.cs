using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Key presses that go out (RFC 4733 2.5.1).</summary>
public sealed class DigitSenderTests : IDisposable
{
    private readonly SentPackets _sent = new();
    private readonly RtpSender _rtp;
    private readonly DigitSender _digits;
    private readonly short[] _frame = new short[160];
    private int _ended;

    public DigitSenderTests()
    {
        _rtp = new RtpSender(_sent);
        _digits = new DigitSender(_rtp);
    }

    [Fact]
    public void MED_06_Press_HasOneTimestamp_GrowingDuration_MarkerFirst_EndThreeTimes()
    {
        var media = Packets.Media();
        var timestamp = _rtp.Timestamp;
        Assert.True(_digits.TryAdd('#', TimeSpan.FromMilliseconds(100), () => _ended++));
        var frames = Run(media);

        Assert.Equal(5 + 2 + 2, frames);
        Assert.Equal(1, _ended);
        Assert.Equal([160, 320, 480, 640, 800, 800, 800], Events().Select(read => (int)read.Duration));
        Assert.Equal([false, false, false, false, true, true, true], Events().Select(read => read.IsEnd));
        Assert.All(Events(), read => Assert.Equal((11, 10), (read.Event, read.Volume)));
        for (var i = 0; i < _sent.All.Count; i++)
        {
            Assert.Equal((timestamp, i == 0, (byte)101), (_sent[i].Timestamp, _sent[i].Marker, _sent[i].PayloadType));
            Assert.Equal((ushort)(_sent[0].Sequence + i), _sent[i].Sequence);
        }

        Assert.Equal(timestamp + (uint)(160 * frames), _rtp.Timestamp);
    }

    [Fact]
    public void MED_06_PressesInARow_HaveEachATimestampAndAPause()
    {
        foreach (var key in "12") Assert.True(_digits.TryAdd(key, TimeSpan.FromMilliseconds(60), () => _ended++));
        Run(Packets.Media());
        Assert.Equal(2, _ended);
        Assert.Equal((byte[])[1, 2], Events().Select(read => read.Event).Distinct());
        Assert.Equal(_sent[0].Timestamp + (uint)(160 * 7), _sent[^1].Timestamp);
    }

    [Fact]
    public void MED_06_DurationAbove0xFFFF_GoesOnInASecondSegment()
    {
        Assert.True(_digits.TryAdd('1', TimeSpan.FromSeconds(10), () => _ended++));
        Run(Packets.Media());
        var events = Events().ToList();
        var full = events.FindIndex(read => read.Duration == ushort.MaxValue);
        Assert.False(events[full].IsEnd);
        Assert.Equal(_sent[0].Timestamp, _sent[full].Timestamp);
        Assert.Equal(_sent[0].Timestamp + ushort.MaxValue, _sent[full + 1].Timestamp);
        Assert.False(_sent[full + 1].Marker);
        Assert.Equal(80_000 - ushort.MaxValue, events[^1].Duration);
        Assert.Equal(3, events.Count(read => read.IsEnd));
        var receiver = new DigitReceiver();
        Assert.Equal("1", string.Concat(Enumerable.Range(0, _sent.All.Count).Select(i => receiver.Take(_sent[i], 8000))));
    }

    [Fact]
    public void MED_06_WithoutTelephoneEvent_TonesAreSent()
    {
        Assert.True(_digits.TryAdd('5', TimeSpan.FromMilliseconds(100), () => _ended++));
        var heard = new List<short>();
        Run(Packets.Media(eventPayload: -1), heard);
        Assert.Empty(_sent.All);
        Assert.Equal(1, _ended);
        Assert.Equal((5 + 2) * 160, heard.Count);
        var tone = heard.Take(800).ToArray();
        Assert.InRange(Spectrum.ShareOf(770, tone), 0.4, 0.6);
        Assert.InRange(Spectrum.ShareOf(1336, tone), 0.4, 0.6);
        Assert.All(heard.Skip(800), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void MED_06_EventThatThePartyDoesNotTake_GoesAsTones()
    {
        var media = new NegotiatedMedia { Format = new CodecFormat(0, AudioCodec.Pcmu), PacketSamples = 160, Event = new EventFormat(101, 8000, 0x0FFF) };
        Assert.True(_digits.TryAdd('A', TimeSpan.FromMilliseconds(40), () => _ended++));
        Assert.Equal(DigitFrame.Tone, _digits.Next(media, maySend: true, _frame, out _));
    }

    [Fact]
    public void WhileHeld_TimePassesInSilence()
    {
        Assert.True(_digits.TryAdd('1', TimeSpan.FromMilliseconds(100), () => _ended++));
        while (_digits.Next(Packets.Media(), maySend: false, _frame, out var ended) != DigitFrame.None) ended?.Invoke();
        Assert.Equal((1, 0), (_ended, _sent.All.Count));
    }

    [Fact]
    public void OnlyKeys_AndABoundedNumber_AreTaken()
    {
        Assert.False(_digits.TryAdd('x', TimeSpan.FromMilliseconds(100), () => { }));
        Assert.True(_digits.TryAdd('d', TimeSpan.FromMilliseconds(100), () => { }));
        for (var i = 1; i < DigitSender.Capacity; i++) Assert.True(_digits.TryAdd('1', TimeSpan.Zero, () => { }));
        Assert.False(_digits.TryAdd('1', TimeSpan.Zero, () => { }));
    }

    public void Dispose() => _rtp.Dispose();

    private IEnumerable<TelephoneEvent> Events() => Enumerable.Range(0, _sent.All.Count).Select(i =>
    {
        Assert.True(TelephoneEvent.TryRead(_sent[i].Payload, out var read));
        return read;
    });

    /// <summary>Runs until all is sent; returns the frames that it took.</summary>
    private int Run(NegotiatedMedia media, List<short>? heard = null)
    {
        for (var frames = 0; ; frames++)
        {
            var kind = _digits.Next(media, maySend: true, _frame, out var ended);
            ended?.Invoke();
            if (kind == DigitFrame.None) return frames;
            heard?.AddRange(_frame);
            _rtp.Pause();
        }
    }
}
