using System.Globalization;
using System.Net;
using Sipstead.Interop.Tests.Sipp;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Curl;

/// <summary>The requests of Bandwidth's guide "How to setup SIP Registration", taken from its text, with the host and the account changed.</summary>
public sealed class GuideTests(InteropServer server)
{
    /// <summary>The guide's application is one of its author's account.</summary>
    private const string GuideApplication = "68092813-741b-4afe-b198-91f425bce81e";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guide_FromRealmToRegistration_WorksAsWritten()
    {
        InteropServer.Require("curl", "curl");
        InteropServer.Require("nslookup", "bind9-dnsutils");
        InteropServer.Require("sipp", "sip-tester");
        var guide = ReadGuide();
        var curl = new CurlRun(server.Setup.HttpAddress);

        var created = await curl.SendAsync("POST", PathOf(guide, "/realms"), Block(guide, "<Realm>\n<Realm>realmname</Realm>", "</Realm>\n\n"));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal("RealmResponse", created.Xml.Name);
        Assert.Equal(["Id", "Realm", "Default", "SipCredentialCount", "Status"], created.Xml.Element("Realm")!.Elements().Select(e => e.Name.LocalName));
        Assert.Equal(("true", "0", "CREATE_PENDING"), (created["Default"], created["SipCredentialCount"], created["Status"]));
        var realm = new ApiRealm(long.Parse(created["Id"], CultureInfo.InvariantCulture), created.Xml.Element("Realm")!.Element("Realm")!.Value);
        Assert.StartsWith("realmname.", realm.Fqdn, StringComparison.Ordinal);
        await Poll.UntilAsync("ACTIVE", async () => (await server.Client.GetAsync($"realms/{realm.Id}", Cancel))["Status"] == "ACTIVE", Cancel);

        var path = PathOf(guide, "/sipCredentials").Replace("{realmId}", $"{realm.Id}", StringComparison.Ordinal);
        var application = await CreateApplicationAsync(curl);
        var wish = Block(guide, "<SipCredentials>\n", "</SipCredentials>\n\n").Replace(GuideApplication, application, StringComparison.Ordinal);
        var credentials = await curl.SendAsync("POST", path, wish);
        Assert.Equal(HttpStatusCode.Created, credentials.Status);
        Assert.Equal(["sipauthtest", "bob@someDomain.com"], credentials.Xml.Element("ValidSipCredentials")!.Descendants("UserName").Select(e => e.Value));
        Assert.Equal("93152819b63a1dc050665e544e015eec", credentials["Hash1"]);
        Assert.Equal(application, credentials["HttpVoiceV2AppId"]);

        // The guide's hashes belong to another realm: the owner computes them for this one, as the guide tells.
        var rotated = await curl.SendAsync("PUT", $"{path}/{credentials["Id"]}", await HashesAsync(realm, "sipauthtest", "password"));
        Assert.Equal(HttpStatusCode.OK, rotated.Status);
        var srv = await ProgramRun.RunAsync(
            "nslookup", ["-q=srv", $"-port={server.Setup.DnsPort}", $"_sip._udp.{realm.Fqdn}", "127.0.0.1"], Cancel);
        var port = int.Parse(srv.Output.Split("service = 5 50 ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        var device = await SippRun.RunAsync(
            "register-only", "udp", port, realm.Fqdn, [$"sipauthtest;[authentication username=sipauthtest password=password];{realm.Fqdn}"], Cancel);
        Assert.True(device.ExitCode == 0, device.ToString());
        Assert.Equal("sipauthtest", (await server.Client.ListRegistrationsAsync(realm, Cancel)).Single().Element("UserName")!.Value);
    }

    private static async Task<string> CreateApplicationAsync(CurlRun curl)
    {
        var created = await curl.SendAsync(
            "POST",
            $"/api/accounts/{ServerSetup.Account}/applications",
            "<Application><ServiceType>Voice-V2</ServiceType><AppName>guide</AppName><CallInitiatedCallbackUrl>https://app.example/voice</CallInitiatedCallbackUrl></Application>");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return created["ApplicationId"];
    }

    /// <summary>The hashes as the guide has them made: with a command-line MD5.</summary>
    private static async Task<string> HashesAsync(ApiRealm realm, string userName, string password)
    {
        var hash1 = await Md5Async($"{userName}:{realm.Fqdn}:{password}");
        var hash1b = await Md5Async($"{userName}@{realm.Fqdn}:{realm.Fqdn}:{password}");
        return $"<SipCredential><RealmId>{realm.Id}</RealmId><Hash1>{hash1}</Hash1><Hash1b>{hash1b}</Hash1b></SipCredential>";
    }

    private static async Task<string> Md5Async(string text) =>
        (await ProgramRun.RunAsync("sh", ["-c", "printf %s \"$1\" | md5sum", "sh", text], Cancel)).Output.Split(' ')[0];

    private static string ReadGuide()
    {
        var path = Path.Combine(RepositoryPaths.Shared ?? "", "reference", "guide-sip-registration.txt");
        Assert.SkipUnless(File.Exists(path), "the guide's text is not beside the repository");
        return File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    /// <summary>The path of the guide's POST to a resource, for our account.</summary>
    private static string PathOf(string guide, string resource)
    {
        var line = guide.Split('\n').First(l => l.StartsWith("POST https://dashboard.bandwidth.com/", StringComparison.Ordinal)
            && l.Split(' ')[1].EndsWith(resource, StringComparison.Ordinal));
        return new Uri(line.Split(' ')[1]).AbsolutePath.Replace("%7B", "{", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal)
            .Replace("{accountId}", ServerSetup.Account.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static string Block(string guide, string start, string end)
    {
        var from = guide.IndexOf(start, StringComparison.Ordinal);
        return guide[from..(guide.IndexOf(end, from, StringComparison.Ordinal) + end.TrimEnd().Length)];
    }
}
