using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 7 and 8: what a client's setup script sends, and the application of a location.</summary>
public sealed class LocationTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Unknown = "68092813-741b-4afe-b198-91f425bce81e";
    private const string Address = "<Address><HouseNumber>900</HouseNumber><StreetName>Main &amp; Co</StreetName><AddressType>Service</AddressType></Address>";

    private readonly ApiHost _host = fixture.Host;

    private static string Settings(string? application, string protocol = "<VoiceProtocol>HTTP</VoiceProtocol>") =>
        $"<SipPeerOriginationSettings>{protocol}<HttpSettings>{(application is null ? "" : $"<HttpVoiceV2AppId>{application}</HttpVoiceV2AppId>")}</HttpSettings></SipPeerOriginationSettings>";

    private async Task<string> CreateSiteAsync()
    {
        var created = await _host.PostAsync("sites", "<Site><Name>site</Name></Site>");
        Assert.Equal((HttpStatusCode.Created, "SiteResponse"), (created.Status, created.Root));
        return $"sites/{created.Value("Id")}";
    }

    private async Task<string> CreateLocationAsync(string site, string fields = "<PeerName>location</PeerName>")
    {
        var created = await _host.PostAsync($"{site}/sippeers", $"<SipPeer>{fields}</SipPeer>");
        Assert.Equal((HttpStatusCode.Created, ""), (created.Status, created.Body));
        Assert.StartsWith(new Uri(_host.Address, ApiHost.Path($"{site}/sippeers/")).AbsoluteUri, created.Location!.AbsoluteUri, StringComparison.Ordinal);
        return $"{site}/sippeers/{created.Location.Segments[^1]}";
    }

    [Fact]
    public async Task Site_IsMadeListedChangedAndRemoved_WithWhatWasSubmitted()
    {
        var created = await _host.PostAsync("sites", $"<Site><Id>4711</Id><Name>Test Site</Name><Description>d</Description>{Address}</Site>");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var id = created.Value("Id")!;
        Assert.EndsWith($"/sites/{id}", created.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.NotEqual("4711", id);
        var got = await _host.GetAsync($"sites/{id}");
        Assert.Equal(("Test Site", "d", "Main & Co"), (got.Value("Name"), got.Value("Description"), got.Value("StreetName")));
        Assert.Contains(id, (await _host.GetAsync("sites")).Xml!.Element("Sites")!.Elements("Site").Select(s => s.Element("Id")!.Value));

        var updated = await _host.PutAsync($"sites/{id}", "<Site><Name>renamed</Name></Site>");
        Assert.Equal(("renamed", null, null), (updated.Value("Name"), updated.Value("Description"), updated.Value("StreetName")));
        var deleted = await _host.DeleteAsync($"sites/{id}");
        Assert.Equal((HttpStatusCode.OK, ""), (deleted.Status, deleted.Body));
        (await _host.GetAsync($"sites/{id}")).ShouldBeError(404, "SiteResponse", 12016);
    }

    [Theory]
    [InlineData("<Site/>", 1003)]
    [InlineData("<Site><Name>a</Name><Name>b</Name></Site>", 1009)]
    [InlineData("<SipPeer/>", 1019)]
    public async Task Site_WhatCannotBe_Is400(string body, int code) => (await _host.PostAsync("sites", body)).ShouldBeError(400, "SiteResponse", code);

    [Fact]
    public async Task Site_TooLong_Is400()
    {
        (await _host.PostAsync("sites", $"<Site><Name>{new string('x', 129)}</Name></Site>")).ShouldBeError(400, "SiteResponse", 1011);
        (await _host.PostAsync("sites", $"<Site><Name>x</Name><Other>{new string('x', 17_000)}</Other></Site>")).ShouldBeError(400, "SiteResponse", 1011);
    }

    /// <summary>Clients take an answer for an error as soon as it holds such an element, wherever it stands.</summary>
    [Fact]
    public async Task Site_SubmittedErrorElements_AreNotShownAgain()
    {
        var created = await _host.PostAsync(
            "sites", "<Site><Name>x</Name><ErrorCode>1</ErrorCode><ResponseStatus/><Kept><Errors/><ErrorCode>2</ErrorCode><b>c</b></Kept></Site>");
        var got = await _host.GetAsync($"sites/{created.Value("Id")}");
        Assert.Equal("c", got.Value("b"));
        Assert.DoesNotContain("Error", got.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("ResponseStatus", got.Body, StringComparison.Ordinal);
    }

    /// <summary>Whatever text other elements hold, it comes back.</summary>
    [Fact]
    public async Task Site_OtherElements_AnyText_ComesBack()
    {
        var texts = new List<string>();
        Gen.Char.Array[0, 30].Select(chars => new string(chars)).Array[50].Sample(texts.AddRange, iter: 1, threads: 1);
        foreach (var text in texts)
        {
            var clean = new string([.. text.Where(System.Xml.XmlConvert.IsXmlChar)]).Trim(' ', '\t', '\r', '\n');
            var body = $"<Site><Name>x</Name><Other>{System.Security.SecurityElement.Escape(clean)}</Other></Site>";
            var created = await _host.PostAsync("sites", body.Replace("\r", "&#13;", StringComparison.Ordinal));
            Assert.Equal((HttpStatusCode.Created, clean), (created.Status, created.Value("Other")));
        }
    }

    [Fact]
    public async Task Location_IsMadeListedChangedAndRemoved_AndOneIsTheDefault()
    {
        var site = await CreateSiteAsync();
        var first = await CreateLocationAsync(site, "<PeerName>first</PeerName><VoiceHosts><Host><HostName>192.0.2.1</HostName></Host></VoiceHosts>");
        var second = await CreateLocationAsync(site, "<PeerName>second</PeerName>");
        var list = await _host.GetAsync($"{site}/sippeers");
        Assert.Equal("TNSipPeersResponse", list.Root);
        Assert.Equal(["first", "second"], list.Xml!.Element("SipPeers")!.Elements("SipPeer").Select(p => p.Element("PeerName")!.Value));
        Assert.Equal(["true", "false"], list.Values("IsDefaultPeer"));
        Assert.Equal("192.0.2.1", (await _host.GetAsync(first)).Value("HostName"));

        var promoted = await _host.PutAsync(second, "<SipPeer><IsDefaultPeer>true</IsDefaultPeer><Description>d</Description></SipPeer>");
        Assert.Equal(("SipPeerResponse", "second", "true", "d"), (promoted.Root, promoted.Value("PeerName"), promoted.Value("IsDefaultPeer"), promoted.Value("Description")));
        Assert.Equal("false", (await _host.GetAsync(first)).Value("IsDefaultPeer"));
        (await _host.PutAsync(second, "<SipPeer><IsDefaultPeer>false</IsDefaultPeer></SipPeer>")).ShouldBeError(400, "SipPeerResponse", 1005);

        (await _host.DeleteAsync(site)).ShouldBeError(409, "SiteResponse", null);
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync(second)).Status);
        (await _host.GetAsync(second)).ShouldBeError(404, "SipPeerResponse", null);
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync(site)).Status);
        (await _host.GetAsync($"{site}/sippeers")).ShouldBeError(404, "TNSipPeersResponse", 12016);
    }

    [Theory]
    [InlineData("<SipPeer/>", 1003)]
    [InlineData("<SipPeer><PeerName>x</PeerName><IsDefaultPeer>perhaps</IsDefaultPeer></SipPeer>", 1008)]
    public async Task Location_WhatCannotBe_Is400(string body, int code) =>
        (await _host.PostAsync($"{await CreateSiteAsync()}/sippeers", body)).ShouldBeError(400, "SipPeerResponse", code);

    [Fact]
    public async Task OriginationSettings_TieTheLocationToAnApplication_UntilTheyAreTakenAway()
    {
        var location = await CreateLocationAsync(await CreateSiteAsync());
        var path = $"{location}/products/origination/settings";
        var none = await _host.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "SipPeerOriginationSettingsResponse", null), (none.Status, none.Root, none.Value("HttpVoiceV2AppId")));

        var application = await _host.CreateApplicationAsync("of a location");
        var set = await _host.PostAsync(path, Settings(application));
        Assert.Equal(HttpStatusCode.Created, set.Status);
        var settings = set.Xml!.Element("SipPeerOriginationSettings")!;
        Assert.Equal(("HTTP", application), (settings.Element("VoiceProtocol")!.Value, settings.Element("HttpSettings")!.Element("HttpVoiceV2AppId")!.Value));
        Assert.Equal(application, (await _host.GetAsync(path)).Value("HttpVoiceV2AppId"));

        var peers = await _host.GetAsync($"applications/{application}/associatedsippeers");
        var peer = Assert.Single(peers.Xml!.Element("AssociatedSipPeers")!.Elements("AssociatedSipPeer"));
        var (siteId, peerId) = (location.Split('/')[1], location.Split('/')[3]);
        Assert.Equal(
            (siteId, "site", peerId, "location"),
            (peer.Element("SiteId")!.Value, peer.Element("SiteName")!.Value, peer.Element("PeerId")!.Value, peer.Element("PeerName")!.Value));

        (await _host.DeleteAsync($"applications/{application}")).ShouldBeError(409, "ApplicationProvisioningResponse", 12107);
        Assert.Equal(HttpStatusCode.OK, (await _host.PutAsync(path, Settings(""))).Status);
        Assert.Empty((await _host.GetAsync($"applications/{application}/associatedsippeers")).Xml!.Element("AssociatedSipPeers")!.Elements());
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync($"applications/{application}")).Status);
    }

    [Theory]
    [InlineData(Unknown, "", 13629)]
    [InlineData("x", "", 1008)]
    [InlineData(null, "", 1003)]
    [InlineData(Unknown, "<VoiceProtocol>SIP</VoiceProtocol>", 1005)]
    public async Task OriginationSettings_WhatCannotBe_Is400(string? application, string protocol, int code)
    {
        var location = await CreateLocationAsync(await CreateSiteAsync());
        (await _host.PutAsync($"{location}/products/origination/settings", Settings(application, protocol)))
            .ShouldBeError(400, "SipPeerOriginationSettingsResponse", code);
    }

    [Fact]
    public async Task OriginationSettings_MessagingApplication_IsNone()
    {
        var messaging = (await _host.PostAsync(
            "applications", "<Application><ServiceType>Messaging-V2</ServiceType><AppName>m</AppName></Application>")).Value("ApplicationId");
        var location = await CreateLocationAsync(await CreateSiteAsync());
        (await _host.PostAsync($"{location}/products/origination/settings", Settings(messaging)))
            .ShouldBeError(400, "SipPeerOriginationSettingsResponse", 13629);
    }

    [Fact]
    public async Task EdgeManagement_TellsPortAndRealms()
    {
        await _host.CreateActiveRealmAsync("edge");
        var fqdn = (await _host.GetAsync("realms/edge")).Value("Realm");
        var authentication = await _host.GetAsync("products/edgemanagement/settings/sipauthentication");
        var element = authentication.Xml!.Element("SipAuthentication")!;
        Assert.Equal("SipAuthenticationResponse", authentication.Root);
        Assert.Equal("5060", element.Element("SBC")!.Element("Zone")!.Element("SipSigPort")!.Element("PortNumber")!.Value);
        Assert.Contains(fqdn, element.Element("RealmDnsList")!.Elements("RealmDns").Select(realm => realm.Element("Realm")!.Value));
        var settings = (await _host.GetAsync("products/edgemanagement/settings")).Xml!.Descendants("SipAuthentication").Single();
        Assert.Equal(("true", "COMPLETE", "REGISTRAR"), (settings.Element("Enabled")!.Value, settings.Element("Status")!.Value, settings.Element("Type")!.Value));
    }

    /// <summary>S-10: sites, locations and applications of another account are those of nobody, in paths and bodies.</summary>
    [Fact]
    public async Task S_10_PlacesOfAnotherAccount_AreThoseOfNobody()
    {
        var accounts = _host.Services.GetRequiredService<AccountService>();
        await accounts.CreateAccountAsync(31, TestContext.Current.CancellationToken);
        using var stranger = await _host.CreateUserAsync("places stranger", ApiRole.Admin, account: 31);
        var location = await CreateLocationAsync(await CreateSiteAsync());
        var site = string.Join('/', location.Split('/')[..2]);
        (await SendAsync(HttpMethod.Get, site)).ShouldBeError(404, "SiteResponse", 12016);
        (await SendAsync(HttpMethod.Put, site, "<Site><Name>mine</Name></Site>")).ShouldBeError(404, "SiteResponse", 12016);
        (await SendAsync(HttpMethod.Delete, site)).ShouldBeError(404, "SiteResponse", 12016);
        (await SendAsync(HttpMethod.Get, $"{site}/sippeers")).ShouldBeError(404, "TNSipPeersResponse", 12016);
        (await SendAsync(HttpMethod.Post, $"{site}/sippeers", "<SipPeer><PeerName>x</PeerName></SipPeer>")).ShouldBeError(404, "SipPeerResponse", 12016);
        (await SendAsync(HttpMethod.Get, location)).ShouldBeError(404, "SipPeerResponse", null);
        (await SendAsync(HttpMethod.Delete, location)).ShouldBeError(404, "SipPeerResponse", null);

        var own = (await SendAsync(HttpMethod.Post, "sites", "<Site><Name>own</Name></Site>")).Value("Id");
        var created = await SendAsync(HttpMethod.Post, $"sites/{own}/sippeers", "<SipPeer><PeerName>x</PeerName></SipPeer>");
        var application = await _host.CreateApplicationAsync("not theirs");
        (await SendAsync(HttpMethod.Post, $"sites/{own}/sippeers/{created.Location!.Segments[^1]}/products/origination/settings", Settings(application)))
            .ShouldBeError(400, "SipPeerOriginationSettingsResponse", 13629);
        (await SendAsync(HttpMethod.Get, $"sites/{own}/sippeers/{location.Split('/')[3]}")).ShouldBeError(404, "SipPeerResponse", null);

        Task<ApiHost.Answer> SendAsync(HttpMethod method, string path, string? xml = null) => _host.SendAsync(
            method, $"/api/accounts/31/{path}", xml is null ? null : new StringContent(xml, Encoding.UTF8, "application/xml"), stranger);
    }
}
