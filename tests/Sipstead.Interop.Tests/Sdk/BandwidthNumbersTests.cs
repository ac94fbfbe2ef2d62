namespace Sipstead.Interop.Tests.Sdk;

/// <summary>npm @bandwidth/numbers, Bandwidth's client of the account API: what it has of applications, sites and locations, and realms by its generic request.</summary>
public sealed class BandwidthNumbersTests(SdkServer server) : ScriptTests(server, "bandwidth-numbers.mjs", "@bandwidth/numbers")
{
    [Theory]
    [InlineData("Site.create: 201, then the site by Location")]
    [InlineData("Site.list: holds it")]
    [InlineData("Site.update: Site.get shows it")]
    [InlineData("Site.getSipPeers: none")]
    [InlineData("Site.delete: it is gone")]
    public Task Sites(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("SipPeer.create: 201, then the location by Location")]
    [InlineData("SipPeer.list: holds it")]
    [InlineData("SipPeer.update: SipPeer.get shows it")]
    [InlineData("SipPeer.createOriginationSettings: come back")]
    [InlineData("SipPeer.delete: it is gone")]
    public Task SipPeers(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("Application.createVoiceApplication: 201, then the application by Location")]
    [InlineData("Application.createVoiceApplication: 400 without a URL")]
    [InlineData("Application.createMessagingApplication: is kept")]
    [InlineData("Application.list: holds it")]
    [InlineData("Application.update: the name alone")]
    [InlineData("Application.getSipPeers: none")]
    [InlineData("Application.getSipPeers: the location")]
    [InlineData("Application.delete: refused while a location has it")]
    [InlineData("Application.delete: it is gone")]
    public Task Applications(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("realms: 201 and CREATE_PENDING")]
    [InlineData("sipCredentials: 201 with the hashes as sent")]
    [InlineData("sipCredentials: a duplicate is 400")]
    [InlineData("sipCredentials: the list by its redirect")]
    public Task Realms(string fact) => HoldsAsync(fact);

    [Theory]
    [InlineData("Client: 401 with a wrong password")]
    [InlineData("Client: a token that was handed in")]
    [InlineData("Client: 404 for an account of others")]
    public Task Authentication(string fact) => HoldsAsync(fact);
}
