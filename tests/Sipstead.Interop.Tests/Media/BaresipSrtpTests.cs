using Sipstead.Media;

namespace Sipstead.Interop.Tests.Media;

/// <summary>baresip and our media speak SRTP with keys in SDP: what each says, the other hears.</summary>
public sealed class BaresipSrtpTests : BaresipMediaTest
{
    private static readonly string[] Drops = ["authentication", "replay", "kind", "source"];

    [Theory]
    [InlineData("srtp", "RTP/AVP")]
    [InlineData("srtp-mand", "RTP/SAVP")]
    public async Task MED_09_BaresipCalls_AndIsHeardAndHears(string mode, string protocol)
    {
        InteropServer.Require("baresip", "baresip-core");
        await CallUsAsync($";mediaenc={mode}", ProtectionBy(protocol), (session, sdp) =>
        {
            Assert.Contains($" {protocol} ", sdp, StringComparison.Ordinal);
            ShouldBeEncrypted(session);
        }, Drops);
    }

    [Theory]
    [InlineData("srtp", "RTP/AVP")]
    [InlineData("srtp-mand", "RTP/SAVP")]
    public async Task MED_09_BaresipIsCalled_AndIsHeardAndHears(string mode, string protocol)
    {
        InteropServer.Require("baresip", "baresip-core");
        await CallBaresipAsync($";mediaenc={mode}", ProtectionBy(protocol), (session, _) => ShouldBeEncrypted(session), Drops);
    }

    private static MediaProtection ProtectionBy(string protocol) => protocol == "RTP/SAVP" ? MediaProtection.Required : MediaProtection.BestEffort;

    private static void ShouldBeEncrypted(MediaSession session) => Assert.StartsWith("A", session.Statistics.Encryption, StringComparison.Ordinal);
}
