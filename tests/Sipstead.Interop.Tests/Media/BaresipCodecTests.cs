using System.Runtime.InteropServices;
using Sipstead.Media;

namespace Sipstead.Interop.Tests.Media;

/// <summary>baresip and our media in each codec beside G.711, called and calling: what each says, the other hears, in its pitch.</summary>
public sealed class BaresipCodecTests : BaresipMediaTest
{
    private static readonly string[] Drops = ["payloadtype", "duplicate", "source"];

    [Theory]
    [InlineData("g722.so", "G722")]
    [InlineData("opus.so", "opus")]
    public async Task MED_03_BaresipCalls_AndIsHeardAndHears(string module, string codec)
    {
        Require(codec);
        await CallUsAsync("", MediaProtection.None, (session, _) => ShouldUse(codec, session), Drops, module);
    }

    [Theory]
    [InlineData("g722.so", "G722")]
    [InlineData("opus.so", "opus")]
    public async Task MED_03_BaresipIsCalled_AndIsHeardAndHears(string module, string codec)
    {
        Require(codec);
        await CallBaresipAsync("", MediaProtection.None, (session, _) => ShouldUse(codec, session), Drops, module);
    }

    private static void Require(string codec)
    {
        InteropServer.Require("baresip", "baresip-core");
        Assert.SkipUnless(codec != "opus" || NativeLibrary.TryLoad("libopus.so.0", out _), "libopus.so.0 is not installed (Debian package libopus0)");
    }

    private static void ShouldUse(string codec, MediaSession session)
    {
        Assert.Equal(codec, session.Statistics.Codec);
        Assert.Equal(0, session.Statistics.PacketsLost);
    }
}
