using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>A database that cannot be used: 503 in the shape of each API within a bounded time, one line for the operator, and all is well after.</summary>
public sealed class SqliteOutageTests : IDisposable
{
    /// <summary>What a request may take while the database is locked: the wait for those before it, and for the lock.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(40);

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "sipstead.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LockedByAnotherProgram_WritesAre503_ReadsGoOn_AndAllIsWellAfter()
    {
        await using var host = await ApiHost.StartAsync(folder: _folder);
        await host.CreateActiveRealmAsync("office");
        await using (var other = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await other.OpenAsync(Cancel);
            await ExecuteAsync(other, "BEGIN EXCLUSIVE");

            var xml = host.PostAsync("realms", Realm("branch"));
            var json = host.SendAsync(
                HttpMethod.Post, $"/api/v2/accounts/{ApiHost.Account}/users",
                new StringContent("""{"userName":"bob","password":"correct horse battery","role":"read"}""", Encoding.UTF8, "application/json"));
            Assert.Equal(["office"], (await host.GetAsync("realms")).Values("Realm").Select(fqdn => fqdn.Split('.')[0]));
            Should503(await xml.WaitAsync(LongestAnswer, Cancel), "RealmResponse");
            var answer = await json.WaitAsync(LongestAnswer, Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.Equal("5", Assert.Single(answer.Headers.GetValues("Retry-After")));
            Assert.Contains("system-overloaded", answer.Body, StringComparison.Ordinal);
            await ExecuteAsync(other, "ROLLBACK");
        }

        Assert.Equal(HttpStatusCode.Created, (await host.PostAsync("realms", Realm("branch"))).Status);
        Assert.Equal((1, 1), Told(host));
    }

    [Fact]
    public async Task FileTakenAway_Is503_WithOneLineInTheLog_UntilItIsBack()
    {
        await using var host = await ApiHost.StartAsync(folder: _folder);
        var realm = await host.CreateActiveRealmAsync("office");
        var away = new AwayFile(File);
        for (var i = 0; i < 3; i++)
        {
            Should503(await host.PostAsync("realms", Realm("branch")), "RealmResponse");
            Should503(await host.GetAsync($"realms/{realm}"), "RealmResponse");
            Should503(await host.GetAsync($"realms/{realm}/sipcredentials?page=1"), "SipCredentialsResponse");
        }

        Assert.False(System.IO.File.Exists(File), "a new database was begun in its place");
        away.Dispose();
        Assert.Equal(HttpStatusCode.Created, (await host.PostAsync("realms", Realm("branch"))).Status);
        Assert.Equal((1, 1), Told(host));
    }

    [Fact]
    public async Task FileOverwritten_Is503_AndNeverAnInternalError()
    {
        await using var host = await ApiHost.StartAsync(folder: _folder);
        await host.CreateActiveRealmAsync("office");
        await using (var file = System.IO.File.OpenWrite(File)) await file.WriteAsync(new byte[file.Length], Cancel);
        foreach (var log in new[] { "-wal", "-shm" })
        {
            await using var file = System.IO.File.OpenWrite(File + log);
            await file.WriteAsync(new byte[file.Length], Cancel);
        }

        SqliteConnection.ClearAllPools();
        for (var i = 0; i < 3; i++)
        {
            Should503(await host.PostAsync("realms", Realm("branch")), "RealmResponse");
            Should503(await host.GetAsync("realms"), "RealmsResponse");
        }

        Assert.Equal((1, 0), Told(host));
    }

    [Fact]
    public async Task LongWrite_DoesNotHoldUpReads()
    {
        await using var host = await ApiHost.StartAsync(folder: _folder);
        await host.CreateActiveRealmAsync("office");
        var (isWriting, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var store = (ProvisioningStore)host.Services.GetService(typeof(ProvisioningStore))!;
        var write = store.WriteAsync(
            async (change, cancel) =>
            {
                await change.NextRealmSerialAsync(cancel); // the lock of SQLite is held from here on
                isWriting.SetResult();
                await mayEnd.Task;
                return true;
            },
            Cancel);
        await isWriting.Task;
        var paths = new[] { "realms", "realms/office", "sipcredentials?page=1", "realms/office/sipcredentials?page=1", "sites" };
        var answers = await Task.WhenAll(paths.Select(host.GetAsync)).WaitAsync(Testing.Poll.DefaultDeadline, Cancel);
        Assert.False(write.IsCompleted);
        Assert.All(answers, answer => Assert.True(answer.Status < HttpStatusCode.InternalServerError, answer.Body));
        mayEnd.SetResult();
        await write;
    }

    private static string Realm(string name) => $"<Realm><Realm>{name}</Realm><Default>false</Default></Realm>";

    private static void Should503(ApiHost.Answer answer, string root)
    {
        answer.ShouldBeError(503, root, null);
        Assert.Equal("Service is Unavailable", answer.Description);
        Assert.Equal("5", Assert.Single(answer.Headers.GetValues("Retry-After")));
    }

    /// <summary>How often the log told that the database is away, and that it is back.</summary>
    private static (int Away, int Back) Told(ApiHost host)
    {
        var lines = host.Log.Text.Split('\n');
        Assert.DoesNotContain(lines, line => line.StartsWith("Error 5023", StringComparison.Ordinal));
        return (lines.Count(line => line.StartsWith("Error 5007", StringComparison.Ordinal)), lines.Count(line => line.StartsWith("Information 5008", StringComparison.Ordinal)));
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
