using System.Net;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>The settings of a realm that are ours: digest algorithms and media encryption.</summary>
public sealed class RealmSettingsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly string[] ContractElements = ["Id", "Realm", "Description", "Default", "SipCredentialCount", "Status"];

    private readonly ApiHost _host = fixture.Host;

    [Fact]
    public async Task Create_WithSettings_ShowsThem_AndTheViewHasThem()
    {
        var created = await _host.PostAsync(
            "realms",
            "<Realm><Realm>strict</Realm><Default>false</Default><DigestAlgorithms> md5, SHA-256 </DigestAlgorithms><MediaEncryption>required</MediaEncryption></Realm>");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(("SHA-256,MD5", "Required"), (created.Value("DigestAlgorithms"), created.Value("MediaEncryption")));
        var entry = await EntryAsync(created.Value("Id")!);
        Assert.Equal((DigestAlgorithms.Sha256 | DigestAlgorithms.Md5, MediaEncryption.Required), (entry.DigestAlgorithms, entry.MediaEncryption));
    }

    /// <summary>What a client of Bandwidth's API sees has no element that it does not know.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("<DigestAlgorithms>MD5</DigestAlgorithms><MediaEncryption>Optional</MediaEncryption>")]
    [InlineData("<DigestAlgorithms/><MediaEncryption/>")]
    public async Task Get_DefaultSettings_AreNotShown(string settings)
    {
        var name = $"plain{settings.Length}";
        var created = await _host.PostAsync("realms", $"<Realm><Realm>{name}</Realm><Description>d</Description><Default>false</Default>{settings}</Realm>");
        Assert.Equal(ContractElements, created.Xml!.Element("Realm")!.Elements().Select(e => e.Name.LocalName));
        var entry = await EntryAsync(created.Value("Id")!);
        Assert.Equal((DigestAlgorithms.Md5, MediaEncryption.Optional), (entry.DigestAlgorithms, entry.MediaEncryption));
    }

    [Fact]
    public async Task Put_ReplacesTheEntryOfTheView_AndKeepsWhatIsMissing()
    {
        var id = await _host.CreateActiveRealmAsync("later");
        var (before, serial) = (_host.View.Realms.All.Count, _host.View.Realms.Serial);
        var changed = await _host.PutAsync($"realms/{id}", "<Realm><DigestAlgorithms>SHA-512-256,SHA-256</DigestAlgorithms><MediaEncryption>Required</MediaEncryption></Realm>");
        Assert.Equal("SHA-512-256,SHA-256", changed.Value("DigestAlgorithms"));
        var kept = await _host.PutAsync($"realms/{id}", "<Realm><Description>text</Description></Realm>");
        Assert.Equal(("text", "SHA-512-256,SHA-256", "Required"), (kept.Value("Description"), kept.Value("DigestAlgorithms"), kept.Value("MediaEncryption")));

        Assert.True(_host.View.Realms.TryFind(id, out var entry));
        Assert.Equal((DigestAlgorithms.Sha512256 | DigestAlgorithms.Sha256, MediaEncryption.Required), (entry.DigestAlgorithms, entry.MediaEncryption));
        Assert.True(_host.View.Realms.TryFind(entry.FqdnUtf8.Span, out var byName));
        Assert.Same(entry, byName);
        Assert.Equal((before, serial), (_host.View.Realms.All.Count, _host.View.Realms.Serial));

        var back = await _host.PutAsync($"realms/{id}", "<Realm><DigestAlgorithms>MD5</DigestAlgorithms><MediaEncryption>Optional</MediaEncryption></Realm>");
        Assert.Equal((null, null), (back.Value("DigestAlgorithms"), back.Value("MediaEncryption")));
    }

    [Theory]
    [InlineData("<DigestAlgorithms>SHA-1</DigestAlgorithms>", 1008)]
    [InlineData("<DigestAlgorithms>MD5,</DigestAlgorithms>", 1008)]
    [InlineData("<DigestAlgorithms>MD5-sess</DigestAlgorithms>", 1008)]
    [InlineData("<MediaEncryption>maybe</MediaEncryption>", 1008)]
    [InlineData("<DigestAlgorithms>MD5</DigestAlgorithms><DigestAlgorithms>MD5</DigestAlgorithms>", 1009)]
    [InlineData("<MediaEncryption>Optional</MediaEncryption><MediaEncryption>Optional</MediaEncryption>", 1009)]
    public async Task Create_BadSetting_Is400WithTheCode(string settings, int code) =>
        (await _host.PostAsync("realms", $"<Realm><Realm>badsetting</Realm><Default>false</Default>{settings}</Realm>")).ShouldBeError(400, "RealmResponse", code);

    /// <summary>Ruling 3: whoever switches an algorithm on is told whose password it would lock out.</summary>
    [Fact]
    public async Task Put_AlgorithmThatCredentialsHaveNoHashOf_Is409_AndNamesThem()
    {
        var id = await _host.CreateActiveRealmAsync("crowded");
        var entries = Enumerable.Range(10, 12).Select(i => $"<SipCredential><UserName>u{i}</UserName><Hash1>{i}</Hash1></SipCredential>");
        await _host.PostAsync($"realms/{id}/sipcredentials", $"<SipCredentials>{string.Concat(entries)}</SipCredentials>");

        var refused = await _host.PutAsync($"realms/{id}", "<Realm><Description>new</Description><DigestAlgorithms>SHA-256,MD5</DigestAlgorithms></Realm>");
        refused.ShouldBeError(409, "RealmResponse", 12666);
        Assert.Contains("SHA-256 cannot be offered", refused.Description, StringComparison.Ordinal);
        Assert.Contains("(12: u10, u11, u12, u13, u14, u15, u16, u17, u18, u19 and 2 more)", refused.Description, StringComparison.Ordinal);
        var realm = await _host.GetAsync($"realms/{id}");
        Assert.Equal((null, null), (realm.Value("Description"), realm.Value("DigestAlgorithms")));
    }

    private async Task<RealmEntry> EntryAsync(string id)
    {
        RealmEntry? entry = null;
        var number = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture);
        await Poll.UntilAsync(() => Task.FromResult(_host.View.Realms.TryFind(number, out entry)));
        return entry!;
    }
}
