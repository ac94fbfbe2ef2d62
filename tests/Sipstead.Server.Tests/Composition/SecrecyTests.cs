using Microsoft.Extensions.Logging;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Composition;

/// <summary>No log holds a hash, a password or an Authorization header, at any level.</summary>
public sealed class SecrecyTests
{
    private const string DevicePassword = "wonderland-5f2c";
    private const string CallbackPassword = "looking-glass-81b0";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S_06_Log_AtTheLowestLevel_HoldsNoSecret()
    {
        using var folder = new TemporaryFolder();
        var server = await HostedServer.StartAsync(LogLevel.Trace);
        await using (server) await LiveAsync(server.Setup, folder);

        var text = server.Log.Text;
        Assert.Contains("[Debug]", text, StringComparison.Ordinal);
        Assert.Contains("answered 201", text, StringComparison.Ordinal);
        foreach (var secret in Secrets(folder)) Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>All that touches a secret: good and bad, over HTTP and SIP.</summary>
    private static async Task LiveAsync(ServerSetup setup, TemporaryFolder folder)
    {
        using var client = setup.CreateClient();
        using var stranger = setup.CreateClient(password: "guessed-password");
        await stranger.GetAsync("realms", Cancel);
        var realm = await client.CreateRealmAsync("office", Cancel);
        folder.Write("fqdn", realm.Fqdn);
        var credential = await client.CreateCredentialAsync(realm, "alice", DevicePassword, Cancel);
        await client.GetAsync($"realms/{realm.Id}/sipcredentials/{credential}", Cancel);
        await client.PostAsync($"realms/{realm.Id}/sipcredentials", Credentials(realm), Cancel); // exists already
        await client.PostAsync($"realms/{realm.Id}/sipcredentials", Credentials(realm)[..80], Cancel); // not well-formed
        foreach (var transport in new[] { "udp", "tcp" })
        {
            using var phone = await SipDevice.ConnectAsync(transport, setup.SipPort, Cancel);
            Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", DevicePassword, Cancel)).Status);
            Assert.Equal(401, (await phone.RegisterAsync(realm.Fqdn, "alice", "wrong-password", Cancel)).Status);
        }

        await client.DeleteAsync($"realms/{realm.Id}/sipcredentials/{credential}", Cancel);
        await LiveStrictlyAsync(setup, client, realm);
    }

    /// <summary>The same realm once it offers SHA-256 alone, and an application with a password. What is refused repeats no hash.</summary>
    private static async Task LiveStrictlyAsync(ServerSetup setup, ApiClient client, ApiRealm realm)
    {
        await client.PutAsync($"realms/{realm.Id}", "<Realm><DigestAlgorithms>SHA-256</DigestAlgorithms></Realm>", Cancel);
        var sha = DigestHashes.Hash1Sha256("alice", realm.Fqdn, DevicePassword);
        foreach (var hash in (string[])["", $"<Hash1Sha256>{sha}00</Hash1Sha256>"])
        {
            var refused = await client.PostAsync($"realms/{realm.Id}/sipcredentials", Credentials(realm, hash), Cancel);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.Status);
            Assert.DoesNotContain(sha, refused.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(DigestHashes.Hash1("alice", realm.Fqdn, DevicePassword), refused.Body, StringComparison.Ordinal);
        }

        await client.PostAsync($"realms/{realm.Id}/sipcredentials", Credentials(realm, $"<Hash1Sha256>{sha}</Hash1Sha256>"), Cancel);
        using var phone = await SipDevice.ConnectAsync("udp", setup.SipPort, Cancel);
        Assert.Equal(401, (await phone.RegisterAsync(realm.Fqdn, "alice", DevicePassword, Cancel)).Status);
        Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", DevicePassword, Cancel, algorithm: "SHA-256")).Status);
        await client.PostAsync(
            "applications",
            "<Application><ServiceType>Voice-V2</ServiceType><AppName>app</AppName><CallInitiatedCallbackUrl>https://app.example/</CallInitiatedCallbackUrl>"
            + $"<CallbackCreds><UserId>user</UserId><Password>{CallbackPassword}</Password></CallbackCreds></Application>",
            Cancel);
        var metrics = (await client.GetAsync("/metrics", Cancel)).Body;
        Assert.Contains("sipstead_registrar_digests_total", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(sha, metrics, StringComparison.Ordinal);
    }

    private static string Credentials(ApiRealm realm, string more = "") =>
        $"<SipCredentials><SipCredential><UserName>alice</UserName><Hash1>{DigestHashes.Hash1("alice", realm.Fqdn, DevicePassword)}</Hash1>{more}</SipCredential></SipCredentials>";

    private static IEnumerable<string> Secrets(TemporaryFolder folder)
    {
        var fqdn = File.ReadAllText(folder["fqdn"]);
        yield return DigestHashes.Hash1("alice", fqdn, DevicePassword);
        yield return DigestHashes.Hash1b("alice", fqdn, DevicePassword);
        yield return DigestHashes.Hash1Sha256("alice", fqdn, DevicePassword);
        yield return DevicePassword;
        yield return CallbackPassword;
        yield return ServerSetup.Password;
        yield return "guessed-password";
        yield return "Authorization: Digest";
        yield return Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{ServerSetup.UserName}:{ServerSetup.Password}"));
    }
}
