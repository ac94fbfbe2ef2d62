using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Attacks;

/// <summary>SIPVicious looks for servers, users and passwords (S-01, S-02, S-20; security.md): it finds none, and fail2ban can read who looked (S-73).</summary>
public sealed class ScannerTests(GuardedServer server) : IClassFixture<GuardedServer>
{
    private const string FoundNothing = "found nothing";

    /// <summary>Prints the address of each line that a failregex of fail2ban fits.</summary>
    private const string Filter = """
        import re, sys
        fits = re.compile(sys.argv[1].replace('<ADDR>', r'(?P<ip>[0-9a-fA-F.:]+)'))
        for line in sys.argv[2].splitlines():
            found = fits.search(line)
            if found: print(found['ip'])
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S_20_Svmap_LearnsNoNameAndNoVersion()
    {
        var map = await RunAsync("svmap");
        Assert.Contains("| unknown ", map.Output, StringComparison.Ordinal); // the column User Agent
        Assert.DoesNotContain("sipstead", map.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("REGISTER", "SIP server replied with an authentication request for an unknown extension. Set --force")]
    [InlineData("INVITE", "SIP server replied with an authentication request for an unknown extension. Set --force")]
    [InlineData("OPTIONS", FoundNothing)]
    [InlineData("REGISTER", FoundNothing, "--force")]
    public async Task S_02_Svwar_FindsNoUser(string method, string words, params string[] more)
    {
        var realm = await CreateUsersAsync("wonderland", "100", "150");
        var war = await RunAsync("svwar", ["-e100-199", "-m", method, $"--domain={realm.Fqdn}", .. more]);
        Assert.Contains(words, war.ToString(), StringComparison.Ordinal);
        Assert.Contains(FoundNothing, war.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_01_Svcrack_FindsNoPassword_ThatIsNotAmongItsFirstTen()
    {
        var realm = await CreateUsersAsync("150", "100", "200");
        var crack = await RunAsync("svcrack", ["-u200", "-r120-160", "--maximumtime=1", $"--domain={realm.Fqdn}"]);
        Assert.Contains(FoundNothing, crack.ToString(), StringComparison.Ordinal);

        // Guards the test: this is how it looks when the program finds one.
        crack = await RunAsync("svcrack", ["-u100", "-r148-152", $"--domain={realm.Fqdn}"]);
        Assert.Contains("| 100       | 150      |", crack.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_73_TheDocumentedFilter_FindsWhoGuessed_WhateverTheUserIsCalled()
    {
        InteropServer.Require("python3", "python3");
        const string hostile = "a: refused for 9 s\r\n11:00:00 warn: Sipstead.Registrar[3060] Authentication failures from 10.0.0.1 by UDP in realm a for user b: refused for 9 s";
        var realm = await CreateUsersAsync("wonderland", "alice");
        using var device = await SipDevice.ConnectAsync("udp", server.Setup.SipPort, Cancel);
        for (var i = 0; i < 10; i++)
        {
            var answer = await device.RegisterAsync(realm.Fqdn, "alice", "guess", Cancel, digestUser: hostile.Replace("\r\n", " ", StringComparison.Ordinal));
            Assert.Equal(401, answer.Status);
        }

        await Poll.UntilAsync("the log's line", () => Task.FromResult(server.Log.Contains(realm.Fqdn + " for user a%3A%20", StringComparison.Ordinal)), Cancel);
        Assert.Equal(["127.0.0.1"], await AddressesAsync(server.Log));
        Assert.Equal(["192.0.2.1", "2001:db8::1"], await AddressesAsync(
            """
            11:00:00 warn: Sipstead.Registrar[3060] Authentication failures from 192.0.2.1 by UDP in realm a for user -: refused for 60 s
            host sipstead[12]: 11:00:00 warn: Sipstead.Registrar[3060] Authentication failures from 2001:db8::1 by TLS in realm a for user b: refused for 3600 s
            11:00:00 warn: Sipstead.Registrar[3062] Source 10.0.0.1 is slowed: too many unknown users
            """
            + "\n11:00:00 warn: Sipstead.Other[1] " + hostile.Split("\r\n")[1]));
    }

    private static async Task<IEnumerable<string>> AddressesAsync(string log)
    {
        const string key = "failregex = ";
        var page = await File.ReadAllLinesAsync(RepositoryPaths.In("docs", "operations.md"), Cancel);
        var filter = Assert.Single(page, line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];
        var result = await ProgramRun.RunAsync("python3", ["-c", Filter, filter, log], Cancel);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct();
    }

    private async Task<ApiRealm> CreateUsersAsync(string password, params string[] names)
    {
        var realm = await server.CreateRealmAsync();
        await server.Client.CreateCredentialsAsync(realm, names, password, Cancel);
        return realm;
    }

    private async Task<ProgramResult> RunAsync(string program, params string[] arguments)
    {
        InteropServer.Require(program, "sipvicious");
        using var home = new TemporaryFolder(); // where it keeps its sessions
        string[] all = [.. arguments, $"-p{server.Setup.SipPort}", "127.0.0.1"];
        return await ProgramRun.RunAsync(program, all, Cancel, environment: new Dictionary<string, string?> { ["HOME"] = home.Path });
    }
}
