using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Audit;

/// <summary>The audit of a whole server: what is not in its database, the command line, and kill -9.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public AuditTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RegistrationThatIsEnded_AndTheCommandLine_LeaveTheirEntries()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        var realm = await server.Client.CreateRealmAsync("office", Cancel);
        await server.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        using var phone = await SipDevice.ConnectAsync("udp", _setup.SipPort, Cancel);
        await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel);
        var registration = Assert.Single(await server.Client.ListRegistrationsAsync(realm, Cancel));
        var id = registration.Element("Id")!.Value;

        Assert.Equal(HttpStatusCode.OK, (await server.Client.DeleteAsync($"realms/{realm.Id}/registrations/{id}", Cancel)).Status);
        Assert.Equal(("delete", "registration", id, "alice", "admin", "basic"), Told((await EntriesAsync(server))[0]));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.DeleteAsync($"realms/{realm.Id}/registrations/{id}", Cancel)).Status);
        Assert.Equal("registration", (await EntriesAsync(server))[0].GetProperty("kind").GetString());

        var added = await ServerProcess.RunAsync(_setup, ["user", "add", "bob", "--account", "9900000", "--role", "read"], Cancel);
        Assert.Equal(0, added.ExitCode);
        Assert.Equal(("create", "user", "bob", "bob", "cli", "cli"), Told((await EntriesAsync(server))[0]));
    }

    /// <summary>Kill -9 while changes come in: each that was answered has its entry, and each entry its change.</summary>
    [Fact]
    public async Task S_72_KilledServer_HasAsManyEntriesAsChanges()
    {
        var answered = 0;
        await using (var server = await ServerProcess.StartAsync(_setup, Cancel))
        {
            var writers = Enumerable.Range(0, 4).Select(async writer =>
            {
                using var client = _setup.CreateClient();
                try
                {
                    for (var i = 0; ; i++)
                    {
                        var answer = await client.PostAsync("sites", $"<Site><Name>site {writer} {i}</Name></Site>", Cancel);
                        if (answer.Status == HttpStatusCode.Created) Interlocked.Increment(ref answered);
                    }
                }
                catch (HttpRequestException)
                {
                    // the server is gone
                }
            }).ToArray();
            await Poll.UntilAsync("some sites to be made", () => Task.FromResult(Volatile.Read(ref answered) >= 50), Cancel);
            await server.KillAsync(Cancel);
            await Task.WhenAll(writers);
        }

        await using var connection = new SqliteConnection($"Data Source={_folder["data/sipstead.db"]};Pooling=False");
        await connection.OpenAsync(Cancel);
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM Sites WHERE CAST(Id AS TEXT) NOT IN (SELECT ResourceId FROM AuditEntries WHERE Kind = 5)"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM AuditEntries WHERE Kind = 5 AND ResourceId NOT IN (SELECT CAST(Id AS TEXT) FROM Sites)"));
        Assert.InRange(await CountAsync("SELECT count(*) FROM AuditEntries WHERE Kind = 5"), answered, answered + 4);

        async Task<long> CountAsync(string query)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = query;
            return Convert.ToInt64(await command.ExecuteScalarAsync(Cancel), CultureInfo.InvariantCulture);
        }
    }

    private static (string?, string?, string?, string?, string?, string?) Told(JsonElement entry) =>
        (Text(entry, "action"), Text(entry, "kind"), Text(entry, "resourceId"), Text(entry, "name"), Text(entry, "actor"), Text(entry, "via"));

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<List<JsonElement>> EntriesAsync(ServerProcess server)
    {
        var answer = await server.Client.GetAsync("/api/v2/accounts/9900000/audit", Cancel);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        return [.. JsonDocument.Parse(answer.Body).RootElement.GetProperty("entries").EnumerateArray()];
    }
}
