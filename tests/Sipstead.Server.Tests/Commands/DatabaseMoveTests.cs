using System.Net;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Commands;

/// <summary><c>sipstead database move</c> as an operator does it, and a server on PostgreSQL.</summary>
public sealed class DatabaseMoveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _sqlite;

    public DatabaseMoveTests() => _sqlite = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Move_ToPostgresAndBack_PhonesAndClientsGoOn()
    {
        Assert.SkipWhen(PostgresServer.WhyMissing is not null, PostgresServer.WhyMissing ?? "");
        var postgres = await PostgresAsync();
        ApiRealm realm;
        await using (var server = await ServerProcess.StartAsync(_sqlite, Cancel))
        {
            realm = await server.Client.CreateRealmAsync("office", Cancel);
            await server.Client.CreateCredentialAsync(realm, "alice", "password", Cancel);
            var refused = await MoveAsync(postgres, "postgresql");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("in use by another running server", refused.Errors, StringComparison.Ordinal);
            await server.StopAsync(Poll.DefaultDeadline, Cancel);
        }

        await MoveWellAsync(postgres, "postgresql", "1  credentials", "start the server with Sipstead__Database set");
        await using (var server = await ServerProcess.StartAsync(postgres, Cancel))
        {
            await ShouldServeAsync(server, realm, "alice");
            await server.Client.CreateCredentialAsync(realm, "bob", "password", Cancel);
            Assert.DoesNotContain(PostgresServer.Password, server.Log + server.Output, StringComparison.Ordinal);
            await server.StopAsync(Poll.DefaultDeadline, Cancel);
        }

        var full = await MoveAsync(postgres, "sqlite");
        Assert.Contains("sipstead.db is not empty", full.Errors, StringComparison.Ordinal);
        File.Delete(_folder["data/sipstead.db"]);
        await MoveWellAsync(postgres, "sqlite", "2  credentials", "unset Sipstead__Database");
        await using var last = await ServerProcess.StartAsync(_sqlite, Cancel);
        await ShouldServeAsync(last, realm, "alice", "bob");
    }

    [Theory]
    [InlineData(null, "Set Sipstead__Database")]
    [InlineData("Host=nowhere;Password=a;secret=b", "cannot be read as a connection string")]
    [InlineData("Host=nowhere;Password=secret", "names no database")]
    [InlineData("postgres://user:secret@host/base", "cannot be read as a connection string")]
    public async Task Move_WithoutAUsableConnectionString_SaysWhatToWrite(string? connection, string words)
    {
        var result = await MoveAsync(_sqlite.With("Sipstead__Database", connection), "postgresql");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    private static Task<ProgramResult> MoveAsync(ServerSetup setup, string to) => ServerProcess.RunAsync(setup, ["database", "move", "--to", to], Cancel);

    private static async Task MoveWellAsync(ServerSetup setup, string to, params string[] words)
    {
        var result = await MoveAsync(setup, to);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(words, word => Assert.Contains(word, result.Output, StringComparison.Ordinal));
    }

    private static async Task ShouldServeAsync(ServerProcess server, ApiRealm realm, params string[] users)
    {
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"realms/{realm.Id}", Cancel)).Status);
        foreach (var user in users)
        {
            using var phone = await SipDevice.ConnectAsync("udp", server.Setup.SipPort, Cancel);
            Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, user, "password", Cancel)).Status);
        }
    }

    private async Task<ServerSetup> PostgresAsync()
    {
        var server = await PostgresServer.OfThisProcessAsync();
        return _sqlite.With("Sipstead__Database", server.ConnectionTo(await server.CreateDatabaseAsync()));
    }
}
