using Sipstead.Media;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls when no port is left for media.</summary>
public sealed class NoMediaPortTests : VoiceTest
{
    private protected override MediaOptions Media => new() { Ports = "19998-19999" };

    [Fact]
    public async Task Outbound_EndsWithNodeCapacityExceeded()
    {
        var alice = Voice.AddPhone();
        using var taken = Voice.Media.TryOpen(System.Net.IPAddress.Loopback, System.Net.IPAddress.Loopback);

        var end = await VoiceHarness.EndOfAsync(Voice.Create());

        Assert.Equal(("node-capacity-exceeded", "No port is left for media"), (end.DisconnectCause, end.ErrorMessage));
        Assert.DoesNotContain("INVITE", alice.Kinds);
    }

    [Fact]
    public async Task Inbound_GetsA503WithRetryAfter()
    {
        var alice = Voice.AddPhone();
        using var taken = Voice.Media.TryOpen(System.Net.IPAddress.Loopback, System.Net.IPAddress.Loopback);

        var refused = await alice.Call($"sip:+12025550111@{Voice.Realm}").ExpectAsync(503);

        Assert.True(int.Parse(refused.One("Retry-After"), System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Empty(Voice.Registry.Live());
        Assert.Empty(Voice.Catcher.Requests);
    }
}
