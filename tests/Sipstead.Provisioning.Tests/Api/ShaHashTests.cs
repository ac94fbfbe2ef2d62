using System.Globalization;
using System.Net;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Hashes of other algorithms than MD5, which are elements of ours (ruling 3, RFC 8760).</summary>
public sealed class ShaHashTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Hash1 = "1be6abcaa8e9956021d30f33a3925b99";
    private const string OtherHash1 = "fe438bddfc087dda89d29e637f5684ab";
    private const string Sha = "7987C64C30E25F1B74BE53F966B49B90F2808AA92FAF9A00262392D7B4794232";
    private const string Sha512 = "2d3d9f12c9f3d30011259dc5fecee005ae24de40e3e1f61806d03e65f1e6024f";
    private const string Both = $"<Hash1Sha256>{Sha}</Hash1Sha256><Hash1Sha512256>{Sha512}</Hash1Sha512256>";

    private static readonly string[] ContractElements = ["Id", "RealmId", "UserName", "Hash1", "Realm"];

    private readonly ApiHost _host = fixture.Host;

    [Fact]
    public async Task Create_InARealmThatOffersIt_IsShown_AndTheViewHasIt()
    {
        var path = await RealmAsync("SHA-256,MD5");
        var created = await CreateAsync(path, Both + $"<Hash1bSha256>{Sha512}</Hash1bSha256>");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal((Sha.ToLowerInvariant(), Sha512, null), (created.Value("Hash1Sha256"), created.Value("Hash1bSha256"), created.Value("Hash1Sha512256")));
        Assert.Equal(Sha.ToLowerInvariant(), HashOf(created.Value("Id")!, DigestAlgorithms.Sha256, false));
        Assert.Equal(Sha512, HashOf(created.Value("Id")!, DigestAlgorithms.Sha256, true));
        Assert.Equal(Sha512, HashOf(created.Value("Id")!, DigestAlgorithms.Sha512256, false));
        Assert.Equal(Hash1, HashOf(created.Value("Id")!, DigestAlgorithms.Md5, false));
    }

    /// <summary>What a client of Bandwidth's API sees has no element that it does not know, whoever made the credential.</summary>
    [Fact]
    public async Task Get_InARealmOfMd5_ShowsNoElementOfOurs()
    {
        var path = await RealmAsync("MD5");
        var created = await CreateAsync(path, Both);
        foreach (var answer in new[] { created, await _host.GetAsync($"{path}/{created.Value("Id")}"), await _host.GetAsync($"{path}?page=1") })
            Assert.Equal(ContractElements, answer.Xml!.Descendants("SipCredential").Single().Elements().Select(e => e.Name.LocalName));
    }

    [Theory]
    [InlineData("SHA-256", "", 1003)]
    [InlineData("SHA-256", "<Hash1Sha256/>", 1003)]
    [InlineData("SHA-256,MD5", "<Hash1bSha256>" + Sha512 + "</Hash1bSha256>", 1003)]
    [InlineData("SHA-512-256,SHA-256", "<Hash1Sha256>" + Sha + "</Hash1Sha256>", 1003)]
    [InlineData("MD5", "<Hash1Sha256>" + Hash1 + "</Hash1Sha256>", 1008)]
    [InlineData("MD5", "<Hash1bSha512256>z" + Sha + "</Hash1bSha512256>", 1008)]
    public async Task Create_WithoutAHashThatTheRealmOffers_OrWithABadOne_IsRefused_AndRepeatsNoHash(string algorithms, string hashes, int code)
    {
        var path = await RealmAsync(algorithms);
        var refused = await CreateAsync(path, hashes);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal($"{code}", refused.Xml!.Descendants("Error").Single().Element("ErrorCode")!.Value);
        foreach (var hash in (string[])[Hash1, Sha, Sha512]) Assert.DoesNotContain(hash, refused.Xml.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Put_NewHash_IsARotation_AndWhatIsMissingIsCleared()
    {
        var path = await RealmAsync("MD5");
        var id = (await CreateAsync(path, Both)).Value("Id")!;
        Assert.Equal(1, RevisionOf(id));
        await PutAsync(path, id, Hash1, $"<Hash1Sha256>{Sha512}</Hash1Sha256>");
        Assert.Equal((2, Sha512, ""), (RevisionOf(id), HashOf(id, DigestAlgorithms.Sha256, false), HashOf(id, DigestAlgorithms.Sha512256, false)));
    }

    /// <summary>A client that knows only MD5 keeps the password usable when it does not change it, and ends it when it does.</summary>
    [Fact]
    public async Task Put_WithoutElementsOfOurs_KeepsThemWithTheOldHash1_AndClearsThemWithANewOne()
    {
        var path = await RealmAsync("MD5");
        var id = (await CreateAsync(path, Both)).Value("Id")!;
        await PutAsync(path, id, Hash1, "");
        Assert.Equal((1, Sha512), (RevisionOf(id), HashOf(id, DigestAlgorithms.Sha512256, false)));
        await PutAsync(path, id, OtherHash1, "");
        Assert.Equal((2, "", ""), (RevisionOf(id), HashOf(id, DigestAlgorithms.Sha256, false), HashOf(id, DigestAlgorithms.Sha512256, false)));
    }

    [Fact]
    public async Task Put_InARealmOfSha256_WithoutItsHash_IsRefused_AndChangesNothing()
    {
        var path = await RealmAsync("SHA-256");
        var id = (await CreateAsync(path, Both)).Value("Id")!;
        (await PutAsync(path, id, OtherHash1, "")).ShouldBeError(400, "SipCredentialResponse", 1003);
        Assert.Equal((1, Hash1), (RevisionOf(id), HashOf(id, DigestAlgorithms.Md5, false)));
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(path, id, Hash1, "")).Status);
    }

    [Fact]
    public async Task Realm_WhoseCredentialsAllHaveTheHash_MayOfferIt()
    {
        var path = await RealmAsync("MD5");
        var realm = path[..path.LastIndexOf('/')];
        await CreateAsync(path, Both);
        Assert.Equal("SHA-512-256,SHA-256", (await _host.PutAsync(realm, "<Realm><DigestAlgorithms>SHA-256,SHA-512-256</DigestAlgorithms></Realm>")).Value("DigestAlgorithms"));
    }

    [Fact]
    public async Task Restart_KeepsTheHashes()
    {
        using var folder = new TemporaryFolder();
        var sha = SipPassword.Sha("alice", "realm", "secret");
        long id;
        await using (var before = await Harness.OpenAsync(folder))
        {
            var realm = await before.CreateActiveRealmAsync("office");
            var batch = await before.Credentials.CreateAsync(
                realm, [new NewSipCredential { UserName = "alice", Hash1 = Hash1, Sha = sha }], TestContext.Current.CancellationToken);
            id = batch.Value!.Created[0].Id;
        }

        await using var after = await Harness.OpenAsync(folder);
        Assert.True(after.View.Credentials.TryGet(id, out var secret));
        Assert.Equal(sha.Hash1Sha256, TextOf(secret, DigestAlgorithms.Sha256, false));
        Assert.Equal(sha.Hash1bSha512256, TextOf(secret, DigestAlgorithms.Sha512256, true));
    }

    private async Task<string> RealmAsync(string algorithms)
    {
        var id = await _host.CreateActiveRealmAsync($"s{Guid.NewGuid():N}"[..30]);
        await _host.PutAsync($"realms/{id}", $"<Realm><DigestAlgorithms>{algorithms}</DigestAlgorithms></Realm>");
        return $"realms/{id}/sipcredentials";
    }

    private Task<ApiHost.Answer> CreateAsync(string path, string hashes) => _host.PostAsync(
        path, $"<SipCredentials><SipCredential><UserName>alice</UserName><Hash1>{Hash1}</Hash1>{hashes}</SipCredential></SipCredentials>");

    private Task<ApiHost.Answer> PutAsync(string path, string id, string hash1, string hashes) =>
        _host.PutAsync($"{path}/{id}", $"<SipCredential><RealmId>{path.Split('/')[1]}</RealmId><Hash1>{hash1}</Hash1>{hashes}</SipCredential>");

    private CredentialSecret SecretOf(string id)
    {
        Assert.True(_host.View.Credentials.TryGet(long.Parse(id, CultureInfo.InvariantCulture), out var secret));
        return secret;
    }

    private int RevisionOf(string id) => SecretOf(id).HashRevision;

    private string HashOf(string id, DigestAlgorithms algorithm, bool isHash1b) => TextOf(SecretOf(id), algorithm, isHash1b);

    private static string TextOf(in CredentialSecret secret, DigestAlgorithms algorithm, bool isHash1b)
    {
        var hash = new byte[32];
        return Convert.ToHexStringLower(hash.AsSpan(0, secret.CopyHash(algorithm, isHash1b, hash)));
    }
}
