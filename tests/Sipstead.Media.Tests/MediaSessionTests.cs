using System.Net;
using System.Text;
using Sipstead.Media.Audio;
using Sipstead.Media.Tests.Rtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests;

/// <summary>Sessions over real sockets of loopback, on the real clock.</summary>
public sealed class MediaSessionTests
{
    private static readonly TimeSpan KeyTime = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoSessions_HearEachOthersTone()
    {
        await using var setup = new MediaSetup();
        setup.Engine.Start();
        var (caller, callee) = setup.Connect();
        var (callersEar, calleesEar) = (new Ear(), new Ear());
        caller.Tap(AudioTrack.Inbound, callersEar);
        callee.Tap(AudioTrack.Inbound, calleesEar);
        caller.Play(new SineWave(440), () => { });
        callee.Play(new SineWave(1000), () => { });

        await Poll.UntilAsync("the caller's tone", () => Task.FromResult(Spectrum.ShareOf(440, calleesEar.Last(1600)) > 0.9), Cancelled);
        await Poll.UntilAsync("the callee's tone", () => Task.FromResult(Spectrum.ShareOf(1000, callersEar.Last(1600)) > 0.9), Cancelled);
        var statistics = caller.Statistics;
        Assert.Equal("PCMU", statistics.Codec);
        Assert.True(statistics.PacketsSent > 0 && statistics.OctetsSent == 160 * statistics.PacketsSent);
        Assert.True(statistics.PacketsReceived > 0);
        Assert.Equal(0, statistics.PacketsDropped);
    }

    [Fact]
    public async Task Clip_Ends_Once()
    {
        await using var setup = new MediaSetup();
        setup.Engine.Start();
        var (caller, _) = setup.Connect();
        var ended = 0;
        caller.Play(new SineWave(440), () => Assert.Fail("It was replaced."));
        caller.Play(new AudioClip(new short[1000]).Play(), () => Interlocked.Increment(ref ended));
        await Poll.UntilAsync("the end", () => Task.FromResult(Volatile.Read(ref ended) == 1), Cancelled);
        var sent = caller.Statistics.PacketsSent;
        await Poll.UntilAsync("silence behind it", () => Task.FromResult(caller.Statistics.PacketsSent > sent + 5), Cancelled);
        Assert.Equal(1, Volatile.Read(ref ended));
    }

    [Fact]
    public async Task Keys_AreHeardOnceEach()
    {
        await using var setup = new MediaSetup();
        setup.Engine.Start();
        var (caller, callee) = setup.Connect();
        var heard = new List<char>();
        var ended = 0;
        callee.DigitReceived = digit =>
        {
            lock (heard) heard.Add(digit);
        };
        foreach (var key in "1#1D") caller.SendDigit(key, KeyTime, () => Interlocked.Increment(ref ended));
        await Poll.UntilAsync("the ends", () => Task.FromResult(Volatile.Read(ref ended) == 4), Cancelled);
        await Poll.UntilAsync("the keys", () => Task.FromResult(Text(heard).Length >= 4), Cancelled);
        Assert.Equal("1#1D", Text(heard));
    }

    [Fact]
    public async Task Ports_ReturnAfterTheirRest()
    {
        await using var setup = new MediaSetup(pairs: 2);
        setup.Engine.Start();
        Assert.Equal(0, setup.Engine.OpenPorts);
        var (caller, callee) = setup.Connect();
        Assert.Equal((2, 4), (setup.Engine.OpenSessions, setup.Engine.OpenPorts));
        Assert.Null(setup.Open());
        Assert.Equal(1, setup.Meters["sipstead.media.sessions.refused"]);
        caller.Dispose();
        caller.Dispose();
        callee.Dispose();
        Assert.Equal(0, setup.Engine.OpenSessions);
        await Poll.UntilAsync("the ports", () => Task.FromResult(setup.Engine.OpenPorts == 0), Cancelled);
        Assert.Equal(0, setup.Meters["sipstead.media.ports"]);

        // A process that another test starts at this moment holds what was open here until it is the other program.
        await Poll.UntilAsync("a session", () => Task.FromResult(setup.Open() is not null), Cancelled);
    }

    [Fact]
    public async Task OA_10_SessionsOnIpv6_HearEachOther()
    {
        await using var setup = new MediaSetup();
        var caller = setup.Engine.TryOpen(IPAddress.IPv6Loopback, IPAddress.IPv6Loopback)!;
        var callee = setup.Engine.TryOpen(IPAddress.IPv6Loopback, IPAddress.IPv6Loopback)!;
        var answer = callee.Answer(caller.CreateOffer());
        Assert.Contains("c=IN IP6 ::1\r\n", Encoding.ASCII.GetString(answer.Sdp!));
        Assert.Null(caller.AcceptAnswer(answer.Sdp));
        var ear = new Ear();
        callee.Tap(AudioTrack.Inbound, ear);
        caller.Play(new SineWave(440), () => { });
        setup.Tick(20);
        Assert.True(Spectrum.ShareOf(440, ear.Last(1600)) > 0.9);
    }

    [Fact]
    public async Task SessionsOfManyThreads_ComeAndGo_WhileTheClockRuns()
    {
        await using var setup = new MediaSetup(pairs: 200, rest: TimeSpan.Zero); // many more than are used: other programs may hold some
        setup.Engine.Start();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (var round = 0; round < 25; round++)
                {
                    var (caller, callee) = setup.Connect();
                    caller.Play(new SineWave(440), () => { });
                    caller.SendDigit('1', KeyTime, () => { });
                    Assert.Equal("PCMU", callee.Statistics.Codec);
                    Assert.Null(callee.Answer(caller.CurrentOffer()).Refusal);
                    caller.StopPlaying();
                    callee.Dispose();
                    caller.Dispose();
                    // The clock closes what rests; more than the range holds is not opened meanwhile.
                    while (setup.Engine.OpenPorts > 40) Thread.Yield();
                }
            },
            Cancelled)));
        Assert.Equal(0, setup.Engine.OpenSessions);
        await Poll.UntilAsync("the ports", () => Task.FromResult(setup.Engine.OpenPorts == 0), Cancelled);
    }

    private static string Text(List<char> heard)
    {
        lock (heard) return string.Concat(heard);
    }
}
