using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Provisioning;

/// <summary>
/// kill -9 while clients write by HTTP: after the restart each request that was answered is there whole, each other one whole or not at all,
/// and there is one default realm.
/// </summary>
public sealed class KilledWritesTests : IDisposable
{
    private const string RoundsVariable = "SIPSTEAD_KILL_ROUNDS";
    private const int InOnePost = 1000;
    private const int AnswersOfARound = 60;

    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;
    private readonly ConcurrentDictionary<string, bool> _batches = new();
    private readonly ConcurrentDictionary<string, bool> _realms = new();
    private readonly ConcurrentDictionary<string, bool> _deleted = new();

    public KilledWritesTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable(RoundsVariable) ?? "3", CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_UnderParallelWrites_LeavesWholeRequestsOrNone()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await using var server = await ServerProcess.StartAsync(_setup, Cancel);
            if (round == 1) await MakeOfficeAsync(server);
            else await CheckAsync(server.Client);
            await WriteAndKillAsync(server, round);
        }

        await using var last = await ServerProcess.StartAsync(_setup, Cancel);
        await CheckAsync(last.Client);
    }

    private static async Task MakeOfficeAsync(ServerProcess server)
    {
        await server.Client.CreateRealmAsync("office", Cancel);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PutAsync("realms/office", "<Realm><Default>true</Default></Realm>", Cancel)).Status);
    }

    private async Task WriteAndKillAsync(ServerProcess server, int round)
    {
        var answers = 0;
        Func<ApiClient, int, Task>[] writers = [PostCredentialsAsync, PostCredentialsAsync, MakeRealmAsync, PromoteAsync];
        var writing = writers.Select((write, writer) => Task.Run(
            async () =>
            {
                using var client = _setup.CreateClient();
                try
                {
                    for (var i = 0; ; i++)
                    {
                        await write(client, (((round * writers.Length) + writer) * 100_000) + i);
                        Interlocked.Increment(ref answers);
                    }
                }
                catch (HttpRequestException)
                {
                    // the server is gone
                }
            },
            Cancel)).ToList();
        var enough = Poll.UntilAsync("enough answers", () => Task.FromResult(Volatile.Read(ref answers) >= AnswersOfARound), Cancel);
        await Task.WhenAny([enough, .. writing]).Unwrap();
        await server.KillAsync(Cancel); // while all writers go on
        await Task.WhenAll(writing);
    }

    private Task PostCredentialsAsync(ApiClient client, int number)
    {
        var batch = string.Create(CultureInfo.InvariantCulture, $"b{number}x");
        var entries = Enumerable.Range(0, InOnePost).Select(i => new XElement(
            "SipCredential", new XElement("UserName", string.Create(CultureInfo.InvariantCulture, $"{batch}{i}")), new XElement("Hash1", number.ToString("x32", CultureInfo.InvariantCulture))));
        return RememberAsync(
            _batches, batch, HttpStatusCode.Created, client.PostAsync("realms/office/sipcredentials", new XElement("SipCredentials", entries).ToString(), Cancel));
    }

    /// <summary>Makes a realm, and takes away every second one.</summary>
    private async Task MakeRealmAsync(ApiClient client, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"r{number}");
        await RememberAsync(_realms, name, HttpStatusCode.Created, client.PostAsync("realms", $"<Realm><Realm>{name}</Realm><Default>false</Default></Realm>", Cancel));
        if (number % 2 == 0) await RememberAsync(_deleted, name, HttpStatusCode.Accepted, client.DeleteAsync($"realms/{name}", Cancel));
    }

    private static async Task PromoteAsync(ApiClient client, int number)
    {
        var realm = number % 2 == 0 ? "office" : await OtherAsync(client);
        var answer = await client.PutAsync($"realms/{realm}", "<Realm><Default>true</Default></Realm>", Cancel);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NotFound, answer.ToString());
    }

    /// <summary>The name of a realm that stays.</summary>
    private static async Task<string> OtherAsync(ApiClient client)
    {
        var list = await client.GetAsync("realms", Cancel);
        return list.Xml!.Descendants("Realm").Where(one => one.HasElements).Select(one => one.Element("Realm")!.Value.Split('.')[0])
            .FirstOrDefault(name => name[^1] is '1' or '3' or '5' or '7' or '9') ?? "office";
    }

    /// <summary>Notes that something was asked for, and then that it was answered.</summary>
    private static async Task RememberAsync(ConcurrentDictionary<string, bool> asked, string name, HttpStatusCode status, Task<ApiAnswer> asking)
    {
        asked[name] = false;
        var answer = await asking;
        Assert.True(answer.Status == status, $"{name}: {answer}");
        asked[name] = true;
    }

    private async Task CheckAsync(ApiClient client)
    {
        await Poll.UntilAsync(
            "pending realms to be completed",
            async () => (await RealmsAsync(client)).All(realm => realm.Element("Status")!.Value == "ACTIVE"), Cancel);
        var realms = await RealmsAsync(client);
        Assert.Single(realms, realm => realm.Element("Default")!.Value == "true");
        var names = realms.Select(realm => realm.Element("Realm")!.Value.Split('.')[0]).ToHashSet();
        Assert.Equal(realms.Count, names.Count);
        foreach (var (name, isAnswered) in _realms)
        {
            if (_deleted.TryGetValue(name, out var isGone)) Assert.False(isGone && names.Contains(name), $"{name} is back");
            else if (isAnswered) Assert.Contains(name, names);
        }

        var stored = await CountBatchesAsync(client);
        foreach (var (batch, isAnswered) in _batches)
        {
            var count = stored.GetValueOrDefault(batch);
            Assert.True(count == InOnePost || (count == 0 && !isAnswered), $"{batch} has {count}, {(isAnswered ? "answered" : "not answered")}");
        }

        var office = Assert.Single(realms, realm => realm.Element("Realm")!.Value.StartsWith("office.", StringComparison.Ordinal));
        Assert.Equal(stored.Values.Sum().ToString(CultureInfo.InvariantCulture), office.Element("SipCredentialCount")!.Value);
    }

    private static async Task<List<XElement>> RealmsAsync(ApiClient client) =>
        [.. (await client.GetAsync("realms", Cancel)).Xml!.Descendants("Realm").Where(one => one.HasElements)];

    /// <summary>How many credentials of each batch there are, read page by page.</summary>
    private static async Task<Dictionary<string, int>> CountBatchesAsync(ApiClient client)
    {
        var counts = new Dictionary<string, int>();
        for (long? page = 1; page is { } first;)
        {
            var answer = await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"realms/office/sipcredentials?page={first}&size=5000"), Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            foreach (var name in answer.Xml!.Descendants("UserName"))
            {
                var batch = name.Value[..(name.Value.IndexOf('x', StringComparison.Ordinal) + 1)];
                counts[batch] = counts.GetValueOrDefault(batch) + 1;
            }

            var next = answer["next"];
            page = next is null ? null : long.Parse(next.Split("page=")[1].Split('&', '>')[0], CultureInfo.InvariantCulture);
        }

        return counts;
    }
}
