using System.Text;
using Sipstead.Sip.Trace;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Sip.Tests.Trace;

public sealed class SipTraceTests : IDisposable
{
    private static readonly TraceSubject Device = new(1, 10, 0);

    private readonly TraceFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Message_IsKeptWithAllThatIsKnownOfIt()
    {
        var subject = new TraceSubject(1, 10, 100);
        _fixture.Record(subject, "INVITE sip:a@h SIP/2.0\r\n\r\n");
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(20));
        _fixture.Record(subject, "SIP/2.0 100 Trying\r\n\r\n", TraceDirection.Sent);
        var messages = _fixture.Trace.OfCall(100);
        Assert.Equal(["INVITE sip:a@h SIP/2.0\r\n\r\n", "SIP/2.0 100 Trying\r\n\r\n"], messages.Select(TraceFixture.TextOf));
        Assert.Equal([1, 2], messages.Select(m => m.Number));
        Assert.Equal([TraceDirection.Received, TraceDirection.Sent], messages.Select(m => m.Direction));
        Assert.Equal([TraceFixture.Udp.Source, TraceFixture.Udp.Local], messages.Select(m => m.From));
        Assert.Equal([TraceFixture.Udp.Local, TraceFixture.Udp.Source], messages.Select(m => m.To));
        Assert.All(messages, m => Assert.Equal((subject, TraceFixture.Udp.Transport, 0), (m.Subject, m.Transport, m.CutOctets)));
        Assert.Equal(_fixture.Time.GetUtcNow(), messages[1].At);
        Assert.Equal(TimeSpan.FromMilliseconds(20), messages[1].At - messages[0].At);
    }

    [Fact]
    public void Message_StandsUnderItsDeviceAndItsCall()
    {
        _fixture.Record(new(1, 10, 0), "register");
        _fixture.Record(new(1, 10, 100), "leg of 10");
        _fixture.Record(new(1, 11, 100), "leg of 11");
        _fixture.Record(new(1, 0, 0), "unknown user");
        _fixture.Record(new(0, 0, 100), "leg of somebody else");
        Assert.Equal(["register", "leg of 10"], _fixture.Trace.OfCredential(10).Select(TraceFixture.TextOf));
        Assert.Equal(["leg of 11"], _fixture.Trace.OfCredential(11).Select(TraceFixture.TextOf));
        Assert.Equal(["leg of 10", "leg of 11", "leg of somebody else"], _fixture.Trace.OfCall(100).Select(TraceFixture.TextOf));
        Assert.Equal(["unknown user"], _fixture.Trace.OfUnknownUsers(1).Select(TraceFixture.TextOf));
        Assert.Empty(_fixture.Trace.OfCall(10));
        Assert.Empty(_fixture.Trace.OfCredential(0));
    }

    [Fact]
    public void Message_OfNobody_IsNotKept()
    {
        _fixture.Record(TraceSubject.None, "stray");
        _fixture.Record(Device, "register");
        Assert.Equal(1, _fixture.Trace.OfCredential(10).Single().Number);
    }

    [Fact]
    public void Look_AfterANumber_TellsWhatIsNew()
    {
        foreach (var text in new[] { "a", "b", "c", "d" }) _fixture.Record(Device, text);
        Assert.Equal(["c", "d"], _fixture.Trace.OfCredential(10, afterNumber: 2).Select(TraceFixture.TextOf));
        Assert.Empty(_fixture.Trace.OfCredential(10, afterNumber: 4));
    }

    [Fact]
    public void Look_ReturnsTheNewestUpToALimit()
    {
        for (var i = 0; i < SipTrace.MaxMessagesAtOnce + 100; i++)
        {
            if (i % 100 == 0) _fixture.Time.Advance(TimeSpan.FromMinutes(1)); // a new share
            _fixture.Record(Device, "");
        }

        var messages = _fixture.Trace.OfCredential(10);
        Assert.Equal((SipTrace.MaxMessagesAtOnce, 101L), (messages.Count, messages[0].Number));
    }

    [Fact]
    public void Message_TooLarge_IsCut()
    {
        _fixture.Record(Device, new string('m', SipTrace.MaxMessage + 5));
        _fixture.Record(Device, new string('n', SipTrace.MaxMessage - 1000));
        var messages = _fixture.Trace.OfCredential(10);
        Assert.Equal((SipTrace.MaxMessage, 5), (messages[0].Octets.Length, messages[0].CutOctets));
        Assert.Equal(new string('n', SipTrace.MaxMessage - 1000), TraceFixture.TextOf(messages[1]));
    }

    [Fact]
    public void Secret_IsMaskedBeforeItIsKept()
    {
        _fixture.Record(Device, "REGISTER sip:h SIP/2.0\r\nAuthorization: Digest username=\"a\", response=\"0123\"\r\n\r\n");
        Assert.Equal(
            "REGISTER sip:h SIP/2.0\r\nAuthorization: Digest username=\"a\", response=\"xxxx\"\r\n\r\n",
            TraceFixture.TextOf(_fixture.Trace.OfCredential(10).Single()));
    }

    [Fact]
    public void Flood_OfOneDevice_LeavesTheOthersTheirMessages()
    {
        _fixture.Record(new(1, 11, 0), "quiet");
        for (var i = 0; i < 10_000; i++) _fixture.Record(Device, new string('m', 500));
        Assert.Equal(["quiet"], _fixture.Trace.OfCredential(11).Select(TraceFixture.TextOf));
        var kept = _fixture.Trace.OfCredential(10).Count;
        Assert.InRange(kept, 30, 64);
        Assert.Equal(10_000 - kept, _fixture.Meters["sipstead.sip.trace.skipped"]);
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        _fixture.Record(Device, "a minute later");
        Assert.Equal("a minute later", TraceFixture.TextOf(_fixture.Trace.OfCredential(10)[^1]));
    }

    [Fact]
    public void Flood_WithinCallsOfOneDevice_CountsForTheDevice()
    {
        for (var i = 0; i < 1_000; i++) _fixture.Record(new(1, 10, 100 + i), new string('m', 500));
        Assert.InRange(_fixture.Trace.OfCredential(10).Count, 30, 64);
        Assert.Single(_fixture.Trace.OfCall(100));
        Assert.Empty(_fixture.Trace.OfCall(1_099));
    }

    [Fact]
    public void FullRing_LosesTheOldest_AndForgetsWhoHasNothingLeft()
    {
        const int devices = 3_000;
        for (var i = 1; i <= devices; i++) _fixture.Record(new(1, i, 0), new string('m', 500));
        var oldest = Enumerable.Range(1, devices).First(i => _fixture.Trace.OfCredential(i).Count > 0);
        Assert.InRange(oldest, 1_500, 2_700);
        Assert.All(Enumerable.Range(oldest, devices - oldest + 1), i => Assert.Equal(i, _fixture.Trace.OfCredential(i).Single().Number));
        Assert.Equal(devices - oldest + 1, _fixture.Trace.ChainCount);
        var (recorded, evicted) = (_fixture.Meters["sipstead.sip.trace.recorded"], _fixture.Meters["sipstead.sip.trace.evicted"]);
        Assert.Equal(recorded / devices * (oldest - 1), evicted);
        Assert.InRange(recorded - evicted, TraceFixture.SmallRing / 4, TraceFixture.SmallRing);
    }

    [Fact]
    public void Device_WhoseMessagesLeft_BeginsAnew()
    {
        _fixture.Record(Device, "old");
        for (var i = 100; i < 3_000; i++) _fixture.Record(new(1, i, 0), new string('m', 500));
        Assert.Empty(_fixture.Trace.OfCredential(10));
        _fixture.Record(Device, "new");
        Assert.Equal(["new"], _fixture.Trace.OfCredential(10).Select(TraceFixture.TextOf));
    }

    [Fact]
    public void Record_AllocatesNothing()
    {
        var message = Encoding.ASCII.GetBytes("REGISTER sip:h SIP/2.0\r\nAuthorization: Digest username=\"a\", response=\"0123\"\r\n\r\n");
        var count = 0;
        Assert.Equal(0, Allocations.Of(
            () => _fixture.Trace.Record(new(1, 1 + (count++ % 1_000), 0), TraceDirection.Received, TraceFixture.Udp, message)));
        Assert.NotEqual(0, _fixture.Meters["sipstead.sip.trace.evicted"]);
        Assert.Equal(0, _fixture.Meters["sipstead.sip.trace.skipped"]);
    }

    [Fact]
    public async Task ManyThreads_TearNoMessage()
    {
        const int messages = 20_000;
        using var fixture = new TraceFixture(4 * TraceRing.SegmentSize);
        var finished = 0;
        var writers = Enumerable.Range(1, 4).Select(id => Task.Run(() =>
        {
            for (var i = 0; i < messages; i++)
            {
                if (i % 50 == 0) fixture.Time.Advance(TimeSpan.FromMinutes(1));
                fixture.Record(new(1, id, i + 1), new string((char)('a' + id), 1 + (i % 700)));
            }

            Interlocked.Increment(ref finished);
        }));
        var readers = Enumerable.Range(1, 4).Select(id => Task.Run(() =>
        {
            while (Volatile.Read(ref finished) < 4) AssertWhole(fixture.Trace.OfCredential(id), id);
        }));
        await Task.WhenAll([.. writers, .. readers]).WaitAsync(TestContext.Current.CancellationToken);
        for (var id = 1; id <= 4; id++) AssertWhole(fixture.Trace.OfCredential(id), id);
        Assert.NotEqual(0, fixture.Meters["sipstead.sip.trace.evicted"]);
        Assert.NotEmpty(Enumerable.Range(1, 4).SelectMany(id => fixture.Trace.OfCredential(id)));
    }

    private static void AssertWhole(IReadOnlyList<TracedMessage> messages, int id)
    {
        var last = 0L;
        foreach (var message in messages)
        {
            Assert.True(message.Number > last && message.Subject.CredentialId == id);
            last = message.Number;
            Assert.Equal(1 + ((message.Subject.CallNumber - 1) % 700), message.Octets.Length);
            Assert.False(message.Octets.Span.ContainsAnyExcept((byte)('a' + id)));
        }
    }
}
