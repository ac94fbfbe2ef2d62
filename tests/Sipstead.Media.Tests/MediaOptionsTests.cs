using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Testing.Sip;

namespace Sipstead.Media.Tests;

public sealed class MediaOptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.Empty(new MediaOptions().Validate());

    [Theory]
    [InlineData("20000-29999", 20_000, 5_000)]
    [InlineData("20001-20004", 20_002, 1)]
    [InlineData(" 20000 - 20002 ", 20_000, 1)]
    [InlineData("1024-65535", 1024, 32_256)]
    public void Ports_AreEvenOnesWithTheNext(string text, int first, int pairs)
    {
        Assert.True(MediaOptions.TryParsePorts(text, out var from, out var count));
        Assert.Equal((first, pairs), (from, count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("20000")]
    [InlineData("20000-20000")]
    [InlineData("20001-20002")]
    [InlineData("29999-20000")]
    [InlineData("1000-2000")]
    [InlineData("20000-70000")]
    [InlineData("a-b")]
    [InlineData("-5-10")]
    public void BadPorts_AreToldWithTheirKey(string text)
    {
        var error = Assert.Single(new MediaOptions { Ports = text }.Validate());
        Assert.StartsWith($"Sipstead:Rtp:Ports is \"{text}\":", error);
        using var meters = new CountingMeters();
        Assert.Throws<ArgumentException>(() => new MediaEngine(new MediaOptions { Ports = text }, TimeProvider.System, meters, NullLoggerFactory.Instance));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(61)]
    public void BadRest_IsToldWithItsKey(int seconds) =>
        Assert.StartsWith("Sipstead:Rtp:PortRest is ", Assert.Single(new MediaOptions { PortRest = TimeSpan.FromSeconds(seconds) }.Validate()));

    [Theory]
    [InlineData("PCMU")]
    [InlineData("g722,pcma")]
    public void Codecs_AreNamedAsInSdp(string names) => Assert.Empty(new MediaOptions { Codecs = names.Split(',') }.Validate());

    [Theory]
    [InlineData("PCMU,speex", "Sipstead:Rtp:Codecs has \"speex\": give some of PCMU, PCMA, G722, opus, separated by commas.")]
    [InlineData("", "Sipstead:Rtp:Codecs is empty: give some of PCMU, PCMA, G722, opus, separated by commas.")]
    public void BadCodecs_AreToldWithTheirKey(string names, string error) =>
        Assert.Equal(error, Assert.Single(new MediaOptions { Codecs = names.Split(',', StringSplitOptions.RemoveEmptyEntries) }.Validate()));
}
