using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 5.1, 5.2 and 5.5.</summary>
public sealed class SipCredentialTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Hash1 = "1be6abcaa8e9956021d30f33a3925b99";
    private const string Hash1b = "e028e6577a0bb1b90a33d30a110dbdfe";
    private const string OtherHash = "fe438bddfc087dda89d29e637f5684ab";

    private readonly ApiHost _host = fixture.Host;

    private static string Entry(string name, string more = "", string hash1 = Hash1) =>
        $"<SipCredential><UserName>{name}</UserName><Hash1>{hash1}</Hash1>{more}</SipCredential>";

    private static string List(params string[] entries) => $"<SipCredentials>{string.Concat(entries)}</SipCredentials>";

    private static UInt128 Number(string hash) => UInt128.Parse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private async Task<(long Realm, string Path)> RealmAsync()
    {
        var id = await _host.CreateActiveRealmAsync($"r{Guid.NewGuid():N}"[..30]);
        return (id, $"realms/{id}/sipcredentials");
    }

    [Fact]
    public async Task Create_Guide_StoresAndEchoesInOrder()
    {
        var (realm, path) = await RealmAsync();
        var application = await _host.CreateApplicationAsync("guide");
        var answer = await _host.PostAsync(path, List(
            Entry("sipauthtest", $"<Hash1b>{Hash1b}</Hash1b><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId>"),
            Entry("bob@someDomain.com", $"<Hash1b>{Hash1b}</Hash1b>")));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("ValidSipCredentials", Assert.Single(answer.Xml!.Elements()).Name.LocalName);
        Assert.Equal(["sipauthtest", "bob@someDomain.com"], answer.Values("UserName"));
        var first = answer.Xml.Descendants("SipCredential").First();
        Assert.Equal(
            ["Id", "RealmId", "UserName", "Hash1", "Hash1b", "Realm", "HttpVoiceV2AppId"], first.Elements().Select(e => e.Name.LocalName));
        Assert.Equal((await _host.GetAsync($"realms/{realm}")).Xml!.Element("Realm")!.Element("Realm")!.Value, first.Element("Realm")!.Value);
        Assert.Equal("2", (await _host.GetAsync($"realms/{realm}")).Value("SipCredentialCount"));
    }

    [Fact]
    public async Task Create_AnswerReceived_TheViewHoldsIt()
    {
        var (realm, path) = await RealmAsync();
        var answer = await _host.PostAsync(path, List(Entry("alice", $"<Hash1b>{Hash1b}</Hash1b>", Hash1.ToUpperInvariant())));
        Assert.Equal(Hash1, answer.Value("Hash1"));
        Assert.True(_host.View.Credentials.TryFind(realm, "alice"u8, out var credential));
        Assert.Equal((answer.Value("Id"), Number(Hash1), Number(Hash1b), 1),
            (credential.Id.ToString(CultureInfo.InvariantCulture), credential.Hash1, credential.Hash1b, credential.HashRevision));
    }

    [Fact]
    public async Task Create_HashThatIsNoMd5_IsStoredButNeverAuthenticates()
    {
        var (realm, path) = await RealmAsync();
        var answer = await _host.PostAsync(path, List(Entry("alice", hash1: "Not-An-MD5")));
        Assert.Equal("Not-An-MD5", answer.Value("Hash1"));
        Assert.True(_host.View.Credentials.TryFind(realm, "alice"u8, out var credential));
        Assert.False(credential.CanAuthenticate);
    }

    public static TheoryData<string, int> BadEntries => new()
    {
        { $"<SipCredential><Hash1>{Hash1}</Hash1></SipCredential>", 1003 },
        { "<SipCredential><UserName>alice</UserName></SipCredential>", 1003 },
        { "<SipCredential/>", 1003 },
        { Entry(new string('a', 33)), 23002 },
        { Entry("alice", hash1: new string('0', 65)), 23002 },
        { Entry("alice", $"<Hash1b>{new string('0', 65)}</Hash1b>"), 23002 },
        { Entry("alice", $"<HttpVoiceV2AppId>{new string('0', 65)}</HttpVoiceV2AppId>"), 23002 },
        { Entry("al ice"), 23014 },
        { Entry("al:ice"), 23014 },
        { Entry("álice"), 23014 },
        { Entry("al:ice@example.com"), 23016 },
        { Entry("alice@"), 23016 },
        { Entry("@example.com"), 23016 },
        { Entry("a@b@c"), 23016 },
        { Entry("alice", "<Realm>other.example.net</Realm>"), 23018 },
        { Entry("alice", "<RealmId>0</RealmId>"), 23018 },
        { Entry("alice", "<HttpVoiceV2AppId>none</HttpVoiceV2AppId>"), 23020 },
        { Entry("alice", "<HttpVoiceV2AppId>{68092813-741b-4afe-b198-91f425bce81e}</HttpVoiceV2AppId>"), 23020 },
    };

    [Theory]
    [MemberData(nameof(BadEntries))]
    public async Task Create_OneBadEntry_Is400AloneAndAnErrorBesideAGoodOne(string entry, int code)
    {
        var (_, path) = await RealmAsync();
        var alone = await _host.PostAsync(path, List(entry));
        Assert.Equal(HttpStatusCode.BadRequest, alone.Status);
        Assert.Equal("Please check your input parameters.", alone.Description);
        Assert.Equal(code.ToString(CultureInfo.InvariantCulture), alone.Xml!.Element("Errors")!.Element("Error")!.Element("ErrorCode")!.Value);

        var mixed = await _host.PostAsync(path, List(entry, Entry("good")));
        Assert.Equal(HttpStatusCode.Created, mixed.Status);
        Assert.Equal(["Errors", "ValidSipCredentials"], mixed.Xml!.Elements().Select(e => e.Name.LocalName));
        Assert.Equal(code.ToString(CultureInfo.InvariantCulture), mixed.Value("ErrorCode"));
        Assert.DoesNotContain(Hash1, mixed.Xml.Element("Errors")!.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(new string('0', 65), mixed.Xml.Element("Errors")!.Element("Error")!.Element("Description")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("a._-!$&amp;*+=~1")]
    [InlineData("+17778889999")]
    [InlineData("bob@somewhere.com")]
    public async Task Create_EveryAllowedCharacter_IsTaken(string name)
    {
        var (_, path) = await RealmAsync();
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync(path, List(Entry(name)))).Status);
    }

    [Fact]
    public async Task Create_SameNameInOtherCase_Is23026AndInOneRequest23000()
    {
        var (_, path) = await RealmAsync();
        var both = await _host.PostAsync(path, List(Entry("Alice"), Entry("aLICE")));
        Assert.Equal(HttpStatusCode.Created, both.Status);
        Assert.Equal("23000", both.Value("ErrorCode"));
        var again = await _host.PostAsync(path, List(Entry("alice", $"<Hash1b>{OtherHash}</Hash1b>")));
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Equal("23026", again.Value("ErrorCode"));
        var echo = again.Xml!.Element("Errors")!.Element("Error")!.Element("SipCredential")!;
        Assert.Equal("alice", echo.Element("UserName")!.Value);
        Assert.Null(echo.Element("Hash1"));
        Assert.Null(echo.Element("Hash1b"));
    }

    [Fact]
    public async Task Create_SameNameOnOtherRealm_IsTaken()
    {
        var (_, first) = await RealmAsync();
        var (_, second) = await RealmAsync();
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync(first, List(Entry("alice")))).Status);
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync(second, List(Entry("alice")))).Status);
    }

    [Fact]
    public async Task Create_EmptyOrTooLongList_IsRefusedWhole()
    {
        var (realm, path) = await RealmAsync();
        (await _host.PostAsync(path, "<SipCredentials/>")).ShouldBeError(400, "SipCredentialsResponse", 23006);
        var entries = Enumerable.Range(0, 1001).Select(i => Entry($"u{i}")).ToArray();
        (await _host.PostAsync(path, List(entries))).ShouldBeError(400, "SipCredentialsResponse", 23003);
        Assert.Equal("0", (await _host.GetAsync($"realms/{realm}")).Value("SipCredentialCount"));
        var thousand = await _host.PostAsync(path, List(entries[..1000]));
        Assert.Equal(HttpStatusCode.Created, thousand.Status);
        Assert.Equal(1000, thousand.Values("Id").Count);
        for (var i = 0; i < 1000; i++) Assert.True(_host.View.Credentials.TryFind(realm, Encoding.UTF8.GetBytes($"u{i}"), out _));
    }

    [Fact]
    public async Task Create_RealmNotActive_Is400With23022()
    {
        var (realm, path) = await RealmAsync();
        await _host.Services.GetRequiredService<ProvisioningStore>().WriteAsync(
            async (write, cancel) =>
            {
                (await write.Database.Realms.FindAsync([realm], cancel))!.Status = RealmStatus.CreatePending;
                return true;
            },
            TestContext.Current.CancellationToken);
        var answer = await _host.PostAsync(path, List(Entry("alice")));
        Assert.Equal((HttpStatusCode.BadRequest, "23022"), (answer.Status, answer.Value("ErrorCode")));
    }

    [Fact]
    public async Task Create_BodyNamesItsOwnRealm_IsTaken()
    {
        var (realm, path) = await RealmAsync();
        var fqdn = (await _host.GetAsync($"realms/{realm}")).Xml!.Element("Realm")!.Element("Realm")!.Value;
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync(path, List(Entry("alice", $"<Realm>{fqdn}</Realm><RealmId>{realm}</RealmId>")))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("999999")]
    [InlineData("alice")]
    public async Task UnknownCredential_Is404With23025(string reference)
    {
        var (realm, path) = await RealmAsync();
        var id = (await _host.PostAsync($"realms/{(await RealmAsync()).Realm}/sipcredentials", List(Entry("alice")))).Value("Id");
        var target = $"{path}/{(reference.Length == 0 ? id : reference)}";
        (await _host.GetAsync(target)).ShouldBeError(404, "SipCredentialResponse", 23025);
        (await _host.PutAsync(target, $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{Hash1}</Hash1></SipCredential>"))
            .ShouldBeError(404, "SipCredentialResponse", 23025);
        (await _host.DeleteAsync(target)).ShouldBeError(404, "SipCredentialResponse", 23025);
    }

    public static TheoryData<string, int> BadUpdates => new()
    {
        { $"<SipCredential><UserName>alice</UserName><RealmId>$</RealmId><Hash1>{Hash1}</Hash1></SipCredential>", 23030 },
        { $"<SipCredential><UserName/><RealmId>$</RealmId><Hash1>{Hash1}</Hash1></SipCredential>", 23030 },
        { $"<SipCredential><Hash1>{Hash1}</Hash1></SipCredential>", 23031 },
        { "<SipCredential><RealmId>$</RealmId></SipCredential>", 1003 },
        { $"<SipCredential><RealmId>0</RealmId><Hash1>{Hash1}</Hash1></SipCredential>", 23018 },
        { $"<SipCredential><RealmId>$</RealmId><Realm>x</Realm><Hash1>{Hash1}</Hash1></SipCredential>", 23018 },
        { $"<SipCredential><RealmId>$</RealmId><Hash1>{Hash1}</Hash1><HttpVoiceV2AppId>x</HttpVoiceV2AppId></SipCredential>", 23020 },
        { $"<SipCredential><RealmId>$</RealmId><Hash1>{new string('0', 65)}</Hash1></SipCredential>", 23002 },
        { $"<SipCredential><RealmId>$</RealmId><Hash1>{Hash1}</Hash1><Hash1>{OtherHash}</Hash1></SipCredential>", 1009 },
    };

    [Theory]
    [MemberData(nameof(BadUpdates))]
    public async Task Update_BadInput_Is400AndNothingChanges(string xml, int code)
    {
        var (realm, path) = await RealmAsync();
        var id = (await _host.PostAsync(path, List(Entry("alice")))).Value("Id");
        (await _host.PutAsync($"{path}/{id}", xml.Replace("$", $"{realm}", StringComparison.Ordinal)))
            .ShouldBeError(400, "SipCredentialResponse", code);
        Assert.Equal(Hash1, (await _host.GetAsync($"{path}/{id}")).Value("Hash1"));
    }

    [Fact]
    public async Task Update_Rotation_RaisesTheRevisionOnlyWhenAHashChanges()
    {
        var (realm, path) = await RealmAsync();
        var application = await _host.CreateApplicationAsync("rotation");
        var created = await _host.PostAsync(
            path, List(Entry("alice", $"<Hash1b>{Hash1b}</Hash1b><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId>")));
        var target = $"{path}/{created.Value("Id")}";
        var changes = new List<ProvisioningChangeKind>();
        void Record(ProvisioningChange change)
        {
            if (change.RealmId == realm) changes.Add(change.Kind);
        }

        _host.View.Changed += Record;
        var same = await _host.PutAsync(target, $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{Hash1}</Hash1><Hash1b>{Hash1b}</Hash1b></SipCredential>");
        Assert.Equal(application, same.Value("HttpVoiceV2AppId"));
        Assert.Equal(1, Revision());

        var rotated = await _host.PutAsync(
            target, $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{OtherHash}</Hash1><HttpVoiceV2AppId></HttpVoiceV2AppId></SipCredential>");
        Assert.Equal((OtherHash, null, null), (rotated.Value("Hash1"), rotated.Value("Hash1b"), rotated.Value("HttpVoiceV2AppId")));
        Assert.Equal(2, Revision());
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync(target)).Status);
        Assert.False(_host.View.Credentials.TryFind(realm, "alice"u8, out _));
        _host.View.Changed -= Record;
        Assert.Equal([ProvisioningChangeKind.CredentialHashesChanged, ProvisioningChangeKind.CredentialRemoved], changes);

        int Revision() => _host.View.Credentials.TryFind(realm, "alice"u8, out var credential) ? credential.HashRevision : 0;
    }
}
