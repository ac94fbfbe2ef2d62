using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>
/// What SQLite does for each request of the API: nothing reads a whole table of what there may be a million of, whatever is asked for.
/// </summary>
public sealed class SqliteQueryPlanTests : IDisposable
{
    /// <summary>Tables that grow with use; the others have a few rows of each account.</summary>
    private static readonly string[] Growing = ["SipCredentials", "Realms", "AuditEntries"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EachRequest_ReachesRealmsCredentialsAndAudit_ByAnIndex()
    {
        await using var host = await ApiHost.StartAsync(folder: _folder);
        var realm = await host.CreateActiveRealmAsync("office", isDefault: true);
        var application = await host.CreateApplicationAsync("desk");
        using var queries = new Queries(_folder.Path);

        await DoAsync(host.PostAsync("realms", "<Realm><Realm>branch</Realm><Default>true</Default></Realm>"));
        await Poll.UntilAsync(async () => (await host.GetAsync("realms/branch")).Value("Status") == "ACTIVE");
        await DoAsync(host.PutAsync("realms/office", "<Realm><Description>d</Description><Default>true</Default><DigestAlgorithms>MD5</DigestAlgorithms></Realm>"));
        await DoAsync(host.DeleteAsync("realms/branch"));
        await DoAsync(host.GetAsync("realms"));
        await DoAsync(host.GetAsync("realms?realmfragment=off"));
        await DoAsync(host.GetAsync($"realms/{realm}"));

        await DoAsync(host.PostAsync($"realms/{realm}/sipcredentials", $"<SipCredentials>{Entry("alice")}{Entry("bob")}{Entry("carol")}</SipCredentials>"));
        await DoAsync(host.PostAsync("sipcredentials", $"<SipCredentials>{Entry("dave", "<Realm>office</Realm>")}</SipCredentials>"));
        foreach (var list in new[] { "sipcredentials", $"realms/{realm}/sipcredentials" })
        {
            await DoAsync(host.GetAsync($"{list}?page=1"));
            await DoAsync(host.GetAsync($"{list}?page=2&size=1"));
            await DoAsync(host.GetAsync($"{list}?page=1&userNamefragment=lic"));
            await DoAsync(host.GetAsync($"{list}?page=1&realmFragment=off"));
            await DoAsync(host.GetAsync($"{list}?page=1&applicationNameFragment=des"));
        }

        var alice = (await host.GetAsync($"realms/{realm}/sipcredentials?page=1&size=1")).Value("Id");
        await DoAsync(host.GetAsync($"realms/{realm}/sipcredentials/{alice}"));
        await DoAsync(host.GetAsync("sipcredentials/alice"));
        await DoAsync(host.PutAsync(
            $"realms/{realm}/sipcredentials/{alice}",
            $"<SipCredential><RealmId>{realm}</RealmId><Hash1>0000000000000000000000000000000f</Hash1><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId></SipCredential>"));
        await DoAsync(host.DeleteAsync($"realms/{realm}/sipcredentials/{alice}"));
        await DoAsync(host.DeleteAsync("sipcredentials/bob"));
        await DoAsync(host.SendAsync(HttpMethod.Get, $"/api/v2/accounts/{ApiHost.Account}/audit?size=2"));
        await DoAsync(host.SendAsync(HttpMethod.Get, $"/api/v2/accounts/{ApiHost.Account}/audit?kind=realm"));

        await using var database = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "sipstead.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync(Cancel);
        Assert.True(queries.All.Count > 30, $"{queries.All.Count} queries were seen");
        foreach (var query in queries.All) await CheckAsync(database, query);
    }

    private static async Task DoAsync(Task<ApiHost.Answer> asking)
    {
        var answer = await asking;
        Assert.True(answer.Status < HttpStatusCode.Ambiguous, answer.Body);
    }

    private static string Entry(string name, string more = "") =>
        $"<SipCredential><UserName>{name}</UserName><Hash1>1be6abcaa8e9956021d30f33a3925b99</Hash1>{more}</SipCredential>";

    private static async Task CheckAsync(SqliteConnection database, Query query)
    {
        await using var explain = database.CreateCommand();
        explain.CommandText = "EXPLAIN QUERY PLAN " + query.Sql;
        foreach (var (name, value) in query.Parameters) explain.Parameters.AddWithValue(name, value);
        await using var reader = await explain.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
        {
            var step = reader.GetString(3);
            Assert.False(IsScanOfGrowing(step, query.Sql), $"{step}\n{query.Sql}");
        }
    }

    /// <summary>A step such as <c>SCAN s</c>, where s stands for a table that grows.</summary>
    private static bool IsScanOfGrowing(string step, string sql)
    {
        if (!step.StartsWith("SCAN ", StringComparison.Ordinal)) return false;
        var name = step.Split(' ')[1];
        return Growing.Any(table => name == table || sql.Contains($"\"{table}\" AS \"{name}\"", StringComparison.Ordinal));
    }

    private sealed record Query(string Sql, (string Name, object? Value)[] Parameters);

    /// <summary>Listens to what EF Core sends to the database of one folder.</summary>
    private sealed class Queries : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly ConcurrentBag<IDisposable> _subscriptions = [];
        private readonly string _folder;

        public Queries(string folder)
        {
            _folder = folder;
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public ConcurrentQueue<Query> All { get; } = new();

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name) _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is not CommandEventData { Command: var command } || value.Key != RelationalEventId.CommandExecuting.Name) return;
            if (command.Connection!.DataSource.StartsWith(_folder, StringComparison.Ordinal) && IsQuery(command)) All.Enqueue(Of(command));
        }

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }

        public void Dispose()
        {
            foreach (var subscription in _subscriptions) subscription.Dispose();
        }

        private static bool IsQuery(DbCommand command) =>
            command.CommandText.Contains("WHERE", StringComparison.Ordinal) || command.CommandText.StartsWith("SELECT", StringComparison.Ordinal);

        private static Query Of(DbCommand command) =>
            new(command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(parameter => (parameter.ParameterName, parameter.Value))]);
    }
}
