using System.Security.Cryptography;
using System.Text;
using Sipstead.RegisterLoad;
using Xunit;

namespace Sipstead.Sip.Tests.Load;

/// <summary>The load generator of bench/Sipstead.RegisterLoad: what it sends is a REGISTER with the right response, and its figures are right.</summary>
public sealed class RegisterLoadTests
{
    private const string Challenge =
        "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP 127.0.0.1:30000;rport=30000;branch=z9hG4bKx17x2;received=127.0.0.1\r\nCSeq: 2 REGISTER\r\n"
        + "WWW-Authenticate: Digest realm=\"bench.test\", nonce=\"long\", algorithm=SHA-256, qop=\"auth\"\r\n"
        + "WWW-Authenticate: Digest realm=\"bench.test\", nonce=\"n0nce\", opaque=\"00\", algorithm=MD5, qop=\"auth\"\r\nContent-Length: 0\r\n\r\n";

    private readonly RegisterWriter _writer = new("bench.test", RegisterLoad.Transport.Udp, 300, 4711);

    [Fact]
    public void Request_OfADeviceWithANonce_CarriesTheResponseToIt()
    {
        var device = new Device { CSeq = 3 };
        _writer.SetPassword(ref device, 17);
        Assert.True(device.TryKeep("n0nce"u8, "00"u8));
        device.NonceCount = 0x1a;
        var request = Write(device);
        Assert.StartsWith("REGISTER sip:bench.test SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:30001;rport;branch=z9hG4bKx17x3\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nCall-ID: cid-17-4711@127.0.0.1\r\nCSeq: 3 REGISTER\r\nContact: <sip:user17@127.0.0.1:30001;ob>\r\nExpires: 300\r\n", request, StringComparison.Ordinal);
        var response = Hash($"{Hash("user17:bench.test:secret")}:n0nce:0000001a:0a4f113b:auth:{Hash("REGISTER:sip:bench.test")}");
        Assert.Contains(
            $"\r\nAuthorization: Digest username=\"user17\", realm=\"bench.test\", nonce=\"n0nce\", uri=\"sip:bench.test\", response=\"{response}\", "
                + "algorithm=MD5, cnonce=\"0a4f113b\", qop=auth, nc=0000001a, opaque=\"00\"\r\nContent-Length: 0\r\n\r\n",
            request,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Request_OfADeviceWithoutANonce_CarriesNoCredentials() => Assert.DoesNotContain("Authorization", Write(new Device { CSeq = 1 }), StringComparison.Ordinal);

    [Fact]
    public void Answer_IsToldApartByItsBranch_AndItsMd5ChallengeIsFound()
    {
        Assert.True(Answer.TryRead(Encoding.ASCII.GetBytes(Challenge), out var answer));
        Assert.Equal((401, 17, 2u), (answer.Status, answer.Device, answer.CSeq));
        Assert.True(answer.TryReadChallenge(out var nonce, out var opaque));
        Assert.Equal(("n0nce", "00"), (Encoding.ASCII.GetString(nonce), Encoding.ASCII.GetString(opaque)));
    }

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKother\r\n\r\n")]
    [InlineData("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx17")]
    public void Answer_ToSomethingElse_IsNone(string text) => Assert.False(Answer.TryRead(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Histogram_TellsPercentilesWithinAThirtySecond()
    {
        var histogram = new Histogram();
        Assert.Equal(0, histogram.Percentile(0.5));
        for (var i = 1; i <= 100_000; i++) histogram.Record(i * 1000L);
        foreach (var part in new[] { 0.001, 0.5, 0.99, 0.999, 1 })
        {
            var exact = (long)(part * 100_000) * 1000;
            Assert.InRange(histogram.Percentile(part), exact, exact + (exact / 32));
        }

        Assert.Equal((100_000, 100_000_000), (histogram.Count, histogram.Longest));
    }

    [Fact]
    public void Histogram_TakesAnyDuration()
    {
        var histogram = new Histogram();
        foreach (var duration in new[] { -1, 0, 31, 32, 63, 64, long.MaxValue }) histogram.Record(duration);
        Assert.Equal(long.MaxValue, histogram.Percentile(1));
        Assert.Equal(0, histogram.Percentile(2 / 7.0));
        Assert.Equal(31, histogram.Percentile(3 / 7.0));
        Assert.Equal(63, histogram.Percentile(5 / 7.0));
    }

    [Fact]
    public void Repetitions_ComeAfterTheirIntervals_TheLastOneAgainAndAgain()
    {
        var repetitions = new Repetitions(500, 1000);
        repetitions.Add(1, 7, 0, now: 0);
        repetitions.Add(2, 8, 0, now: 100);
        Assert.False(repetitions.TryTake(499, out _));
        Assert.True(repetitions.TryTake(500, out var first));
        Assert.Equal((1, 7u, 0), (first.Device, first.CSeq, first.Repeated));
        Assert.False(repetitions.TryTake(599, out _));
        repetitions.Add(1, 7, 5, now: 600);
        Assert.True(repetitions.TryTake(1599, out var second));
        Assert.Equal(2, second.Device);
        Assert.False(repetitions.TryTake(1599, out _));
        Assert.True(repetitions.TryTake(1600, out _));
    }

    [Fact]
    public void Repetitions_ThatAreGivenUpBefore_ComeThen()
    {
        var repetitions = new Repetitions(500, 1000);
        repetitions.Add(1, 7, 1, now: 500, latest: 800);
        Assert.False(repetitions.TryTake(799, out _));
        Assert.True(repetitions.TryTake(800, out _));
    }

    [Theory]
    [InlineData("once", Mode.Once, 3600, 0)]
    [InlineData("refresh:10", Mode.Refresh, 10, 0)]
    [InlineData("fresh:1.5@50000", Mode.Fresh, 1.5, 50000)]
    [InlineData("refresh:60@x0.5", Mode.Refresh, 60, 40000)]
    public void Phase_IsRead(string text, object mode, double seconds, double rateFromEightyThousand)
    {
        Assert.True(Phase.TryParse(text, out var phase));
        Assert.Equal(((Mode)mode, seconds, rateFromEightyThousand), (phase.Mode, phase.Seconds, phase.RateFrom(80_000)));
    }

    [Theory]
    [InlineData("refresh")]
    [InlineData("once:3")]
    [InlineData("refresh:-1")]
    [InlineData("fresh:3@")]
    [InlineData("fresh:3@x")]
    [InlineData("once@100")]
    [InlineData("7:3")]
    public void Phase_ThatIsNone_IsRefused(string text) => Assert.False(Phase.TryParse(text, out _));

    [Fact]
    public void CpuTime_IsReadBehindANameWithBrackets() =>
        Assert.Equal(("a (b) c", 1.5, 0.25), CpuTime.Parse("42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 9 0 1 2 3"));

    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));

    private string Write(in Device device)
    {
        var message = new byte[RegisterWriter.MaxLength];
        return Encoding.ASCII.GetString(message, 0, _writer.Write(device, 17, "30001"u8, message));
    }
}
