using Sipstead.Media.Audio;
using Sipstead.Media.Tests.Rtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests;

/// <summary>What is heard over what plays.</summary>
public sealed class OverlayTests
{
    private const int Heard = 1600;

    [Fact]
    public async Task Overlay_IsHeardOverWhatPlays_UntilDisposed()
    {
        await using var setup = new MediaSetup();
        var (caller, callee) = setup.Connect();
        var ear = new Ear();
        using var tap = callee.Tap(AudioTrack.Inbound, ear);
        caller.Play(new SineWave(440), () => { });
        var overlay = caller.Overlay(new SineWave(1000));
        setup.Tick(30);
        Assert.Equal(0.5, Spectrum.ShareOf(440, ear.Last(Heard)), 0.05);
        Assert.Equal(0.5, Spectrum.ShareOf(1000, ear.Last(Heard)), 0.05);

        overlay.Dispose();
        overlay.Dispose();
        setup.Tick(30);
        Assert.True(Spectrum.ShareOf(440, ear.Last(Heard)) > 0.9);
    }

    [Fact]
    public async Task Overlay_OverSilence_EndsByItself_AndWhatPlaysGoesOn()
    {
        await using var setup = new MediaSetup();
        var (caller, callee) = setup.Connect();
        var ear = new Ear();
        using var tap = callee.Tap(AudioTrack.Inbound, ear);
        caller.Overlay(new AudioClip(Enumerable.Repeat((short)4000, 1000).ToArray()).Play());
        setup.Tick(30);
        Assert.Contains(ear.Last(int.MaxValue), sample => sample > 3500);
        Assert.All(ear.Last(Heard), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Mix_CutsWhatIsTooLoud()
    {
        var overlays = new AudioOverlays(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        overlays.Add(new AudioClip(Enumerable.Repeat((short)30_000, 160).ToArray()).Play());
        overlays.Add(new AudioClip(Enumerable.Repeat((short)-30_000, 77).ToArray()).Play());
        var frame = Enumerable.Repeat((short)20_000, 160).ToArray();
        overlays.Mix(frame);
        Assert.All(frame[..77], sample => Assert.Equal(short.MaxValue - 30_000, sample));
        Assert.All(frame[77..], sample => Assert.Equal(short.MaxValue, sample));
        overlays.Mix(frame.AsSpan().Slice(0, 160));
        Assert.Equal(short.MaxValue, frame[159]);
    }

    [Fact]
    public void Overlay_ThatFails_IsTakenForEnded()
    {
        var overlays = new AudioOverlays(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var broken = new Broken();
        overlays.Add(broken);
        overlays.Mix(new short[160]);
        overlays.Mix(new short[160]);
        Assert.Equal(1, broken.Reads);
    }

    [Fact]
    public void Mixing_AllocatesNothing()
    {
        var overlays = new AudioOverlays(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        overlays.Add(new SineWave(440));
        overlays.Add(new SineWave(1000));
        var frame = new short[160];
        Assert.Equal(0, Allocations.Of(() => overlays.Mix(frame)));
    }

    private sealed class Broken : IAudioSource
    {
        public int Reads { get; private set; }

        public int Read(Span<short> frame)
        {
            Reads++;
            throw new InvalidOperationException("broken");
        }
    }
}
