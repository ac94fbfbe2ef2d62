using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Srtp;
using Sipstead.Media.Tests.Rtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests;

/// <summary>A frame of a call allocates nothing, from the socket to the sink and from the source to the socket (ruling 42).</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData(MediaProtection.None, "PCMU")]
    [InlineData(MediaProtection.Required, "PCMU")]
    [InlineData(MediaProtection.None, "G722")]
    [InlineData(MediaProtection.None, "opus")]
    public async Task Frames_WithAudioAndKeysBothWays_AllocateNothing(MediaProtection protection, string codec)
    {
        Assert.SkipUnless(codec != "opus" || OpusLibrary.IsAvailable, "libopus0 is not installed.");
        await using var setup = new MediaSetup(codec: codec);
        var (caller, callee) = setup.Connect(protection);
        Assert.Equal(protection != MediaProtection.None, caller.Statistics.Encryption is not null);
        Assert.Equal(codec, caller.Statistics.Codec);
        var (sink, digits) = (new Nothing(), 0);
        caller.Tap(AudioTrack.Inbound, sink);
        callee.Tap(AudioTrack.Inbound, sink);
        callee.DigitReceived = _ => digits++;
        Action ended = () => { };
        caller.Play(new SineWave(440), ended);
        callee.Play(new SineWave(1000), ended);
        var frames = 0;
        Assert.Equal(0, Allocations.Of(() =>
        {
            if (frames++ % 50 == 0) caller.SendDigit('5', TimeSpan.FromMilliseconds(100), ended);
            setup.Tick();
        }));
        Assert.True(sink.Frames > frames);
        Assert.InRange(digits, frames / 50 / 2, frames / 50);
    }

    [Fact]
    public async Task PacketsThatAreDropped_AllocateNothing()
    {
        using var meters = new UnheardMeters();
        await using var setup = new MediaSetup(meters: meters);
        using var attacker = new Phone("127.0.0.66");
        using var phone = new Phone();
        using var session = setup.Open();
        phone.Call(session);
        attacker.Session = phone.Session;
        var packet = Packets.Rtp(1, 2, Packets.Level(0));
        var smallest = long.MaxValue;
        for (var round = 1; round <= 10; round++)
        {
            for (var i = 0; i < 50; i++) attacker.Send(packet); // the framework's sending allocates, and is not counted
            var before = GC.GetAllocatedBytesForCurrentThread();
            setup.Tick();
            smallest = Math.Min(smallest, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(50 * round, session.Statistics.PacketsDropped);
        }

        Assert.Equal(0, smallest);
    }

    [Theory]
    [MemberData(nameof(Srtp.SrtpPacketTests.Suites), MemberType = typeof(Srtp.SrtpPacketTests))]
    public void ProtectedPackets_AllocateNothing_TakenOrForged(string suite)
    {
        var key = SrtpKey.Create(SrtpSuite.Find(suite)!);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        var (plain, octets) = (Packets.Rtp(0, 0, Packets.Level(0)), new byte[256]);
        ushort sequence = 0;
        var taken = 0;
        Assert.Equal(0, Allocations.Of(() =>
        {
            RtpPacket.WriteHeader(plain, 0, false, sequence++, 0, 7);
            plain.CopyTo(octets, 0);
            var length = plain.Length;
            sender.TryProtect(octets, ref length);
            octets[20] ^= 1;
            receiver.Unprotect(octets.AsSpan(0, length), out _);
            octets[20] ^= 1;
            if (receiver.Unprotect(octets.AsSpan(0, length), out _) == PacketFate.Taken) taken++;
            length = 28;
            sender.TryProtectRtcp(octets, ref length);
            receiver.UnprotectRtcp(octets.AsSpan(0, length), out _);
        }));
        Assert.True(taken >= 2 * Allocations.Calls);
    }

    private sealed class Nothing : IAudioSink
    {
        public long Frames { get; private set; }

        public void Write(ReadOnlySpan<short> frame) => Frames++;
    }
}
