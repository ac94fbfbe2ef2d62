using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Provisioning;

/// <summary>The database's files can grow no further: 503, nothing half, and all is well once there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int InOnePost = 1000;
    private const int MostPosts = 100;
    private const long Room = 600_000;

    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    /// <summary>The limit of a process stands for the disk: what would write beyond it gets EFBIG, where its signal is ignored.</summary>
    public FullDiskTests() => _setup = new ServerSetup(_folder["data"]) { Launcher = ["sh", "-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh"] };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NoRoom_Is503_LeavesNothingHalf_AndEndsWithTheLack()
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("prlimit"), "prlimit (util-linux) is missing");
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        await server.Client.CreateRealmAsync("office", Cancel);
        await LimitAsync(server, (new FileInfo(_folder["data/sipstead.db-wal"]).Length + Room).ToString(CultureInfo.InvariantCulture));

        var stored = 0;
        ApiAnswer refused;
        while ((refused = await PostAsync(server, stored)).Status == HttpStatusCode.Created)
        {
            stored++;
            Assert.True(stored < MostPosts, "the limit was never reached");
        }

        Assert.True(refused.Status == HttpStatusCode.ServiceUnavailable, refused.ToString());
        Assert.Equal("Service is Unavailable", refused["Description"]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(server, stored)).Status);
        await ShouldHaveAsync(server, stored);

        await LimitAsync(server, "unlimited");
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(server, stored)).Status);
        await ShouldHaveAsync(server, stored + 1);
        Assert.Equal(2, server.Log.Split("cannot be used, requests").Length);
        Assert.Equal(2, server.Log.Split("can be used again").Length);
    }

    private static async Task LimitAsync(ServerProcess server, string octets)
    {
        var result = await ProgramRun.RunAsync("prlimit", ["--pid", server.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={octets}:unlimited"], Cancel);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static Task<ApiAnswer> PostAsync(ServerProcess server, int number)
    {
        var entries = Enumerable.Range(0, InOnePost).Select(i => new XElement(
            "SipCredential", new XElement("UserName", string.Create(CultureInfo.InvariantCulture, $"u{number}x{i}")), new XElement("Hash1", "1be6abcaa8e9956021d30f33a3925b99")));
        return server.Client.PostAsync("realms/office/sipcredentials", new XElement("SipCredentials", entries).ToString(), Cancel);
    }

    /// <summary>As many as were answered, by the realm's count and by its list.</summary>
    private static async Task ShouldHaveAsync(ServerProcess server, int posts)
    {
        var count = (posts * InOnePost).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(count, (await server.Client.GetAsync("realms/office", Cancel))["SipCredentialCount"]);
        var listed = 0;
        for (var post = 0; post <= posts; post++)
        {
            var found = await server.Client.GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"realms/office/sipcredentials?page=1&size=5000&userNamefragment=u{post}x"), Cancel);
            listed += found.Xml!.Descendants("UserName").Count();
        }

        Assert.Equal(count, listed.ToString(CultureInfo.InvariantCulture));
    }
}
