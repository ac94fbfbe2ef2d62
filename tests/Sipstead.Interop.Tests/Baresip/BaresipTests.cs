using System.Globalization;
using System.Xml.Linq;
using Sipstead.Testing;
using Sipstead.Testing.Phones;

namespace Sipstead.Interop.Tests.Baresip;

/// <summary>baresip registers: through the SRV record that our DNS gives, and through an outbound proxy.</summary>
public sealed class BaresipTests(InteropServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Register_ThroughTheSrvName_IsListed(string transport)
    {
        var alice = await SubscribeAsync();
        await using var phone = BaresipPhone.Start($"<sip:alice@{alice.Realm.Fqdn};transport={transport}>;auth_pass=wonderland;regint=600", server.Setup.DnsPort);

        var registration = await WaitForRegistrationAsync(alice, phone);

        Assert.Equal(transport, Of(registration, "Transport").ToLowerInvariant());
        Assert.Equal("alice", Of(registration, "UserName"));
        Assert.StartsWith("baresip", Of(registration, "UserAgent"), StringComparison.Ordinal);
        Assert.Equal("true", Of(registration, "Reachable"));
        await Poll.UntilAsync("baresip to see its 200", () => Task.FromResult(phone.Transcript.Contains("200 OK", StringComparison.Ordinal)), Cancel);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Register_ThroughAnOutboundProxy_NeedsNoDns(string transport)
    {
        var alice = await SubscribeAsync();
        var nobody = FreePort.Take();
        await using var phone = BaresipPhone.Start(
            $"<sip:alice@{alice.Realm.Fqdn}>;auth_pass=wonderland;regint=600;outbound=\"sip:127.0.0.1:{(transport == "tls" ? server.Setup.TlsPort : server.Setup.SipPort)};transport={transport}\"", nobody);

        var registration = await WaitForRegistrationAsync(alice, phone);

        Assert.Equal(transport, Of(registration, "Transport").ToLowerInvariant());
    }

    [Fact]
    public async Task Register_WithTheLongUserName_UsesHash1b()
    {
        var alice = await SubscribeAsync();
        await using var phone = BaresipPhone.Start(
            $"<sip:alice@{alice.Realm.Fqdn}>;auth_user=alice@{alice.Realm.Fqdn};auth_pass=wonderland;regint=600", server.Setup.DnsPort);

        await WaitForRegistrationAsync(alice, phone);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Register_WithAWrongPassword_IsRefused(string transport)
    {
        var alice = await SubscribeAsync();
        await using var phone = BaresipPhone.Start($"<sip:alice@{alice.Realm.Fqdn};transport={transport}>;auth_pass=guessed;regint=600", server.Setup.DnsPort);

        await Poll.UntilAsync("baresip to be refused", () => Task.FromResult(phone.Transcript.Contains("401 Unauthorized", StringComparison.Ordinal)
            && phone.Transcript.Contains("reg:", StringComparison.Ordinal)), Cancel);

        Assert.Empty(await server.Client.ListRegistrationsAsync(alice.Realm, Cancel));
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Register_Again_RefreshesTheSameRegistration(string transport)
    {
        var alice = await SubscribeAsync();
        await using var phone = BaresipPhone.Start($"<sip:alice@{alice.Realm.Fqdn};transport={transport}>;auth_pass=wonderland;regint=6", server.Setup.DnsPort);
        var first = await WaitForRegistrationAsync(alice, phone);

        var refreshed = await Poll.ForAsync(
            "a refresh",
            async () => (await server.Client.ListRegistrationsAsync(alice.Realm, Cancel)).FirstOrDefault(r => CSeqOf(r) > CSeqOf(first)),
            Cancel);

        Assert.Equal(Of(first, "Id"), Of(refreshed, "Id"));
        Assert.Equal(Of(first, "CallId"), Of(refreshed, "CallId"));
        Assert.Single(await server.Client.ListRegistrationsAsync(alice.Realm, Cancel));
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Exit_Unregisters(string transport)
    {
        var alice = await SubscribeAsync();
        await using var phone = BaresipPhone.Start($"<sip:alice@{alice.Realm.Fqdn};transport={transport}>;auth_pass=wonderland;regint=600", server.Setup.DnsPort);
        await WaitForRegistrationAsync(alice, phone);

        await phone.StopAsync(Cancel);

        await Poll.UntilAsync("the registration to end", async () => (await server.Client.ListRegistrationsAsync(alice.Realm, Cancel)).Count == 0, Cancel);
    }

    [Fact]
    public async Task Register_TwoPhonesOfOneUser_AreBothListed()
    {
        var alice = await SubscribeAsync();
        var account = $"<sip:alice@{alice.Realm.Fqdn}>;auth_pass=wonderland;regint=600";
        await using var desk = BaresipPhone.Start(account, server.Setup.DnsPort);
        await using var mobile = BaresipPhone.Start(account, server.Setup.DnsPort);

        await Poll.UntilAsync("both phones", async () => (await server.Client.ListRegistrationsAsync(alice.Realm, Cancel)).Count == 2, Cancel);
    }

    private static string Of(XElement registration, string element) => registration.Element(element)!.Value;

    private static long CSeqOf(XElement registration) => long.Parse(Of(registration, "CSeq"), CultureInfo.InvariantCulture);

    private Task<Subscriber> SubscribeAsync()
    {
        InteropServer.Require("baresip", "baresip-core");
        return server.SubscribeAsync();
    }

    private async Task<XElement> WaitForRegistrationAsync(Subscriber subscriber, BaresipPhone phone)
    {
        try
        {
            return await Poll.ForAsync(
                "baresip's registration", async () => await server.Client.ListRegistrationsAsync(subscriber.Realm, Cancel) is [var one, ..] ? one : null, Cancel);
        }
        catch (TimeoutException)
        {
            Assert.Fail(phone.Transcript);
            throw;
        }
    }
}
