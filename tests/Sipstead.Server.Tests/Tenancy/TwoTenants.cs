using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Accounts;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Tenancy;

/// <summary>A server with two accounts, and every resource of accounts that it has mapped.</summary>
public sealed class TwoTenants : IAsyncLifetime
{
    public const long Nobody = 7_777_777;
    private const long OtherAccount = 5_500_000;
    private const string Argument = "{accountId}";
    private const string Password = "correct horse battery";

    private HostedServer? _server;
    private SqliteConnection? _database;

    internal HostedServer Server => _server ?? throw new InvalidOperationException("The server is not started yet.");

    /// <summary>Whose things they are.</summary>
    internal Tenant Owner { get; private set; } = null!;

    /// <summary>Who wants them.</summary>
    internal Tenant Stranger { get; private set; } = null!;

    /// <summary>Every route of accounts with each of its methods.</summary>
    internal IReadOnlyList<Resource> Resources { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _server = await HostedServer.StartAsync(LogLevel.Warning);
        var accounts = Server.Services.GetRequiredService<AccountService>();
        var cancel = TestContext.Current.CancellationToken;
        await accounts.CreateAccountAsync(OtherAccount, cancel);
        Assert.True((await accounts.CreateUserAsync("stranger", Password, OtherAccount, ApiRole.Admin, cancel)).IsSuccess);
        Owner = await Tenant.SettleAsync(Server.Setup, ServerSetup.Account, ServerSetup.UserName, ServerSetup.Password);
        Stranger = await Tenant.SettleAsync(Server.Setup, OtherAccount, "stranger", Password);
        Resources = await ListResourcesAsync();
        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Server.Setup.DataDirectory, "sipstead.db"), Pooling = false }.ToString());
        await _database.OpenAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        Owner?.Dispose();
        Stranger?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>Another number once anybody has written to the database.</summary>
    internal async Task<long> DatabaseVersionAsync()
    {
        await using var command = _database!.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Which methods a resource has, it says itself when it is asked for one that it has not.</summary>
    private async Task<IReadOnlyList<Resource>> ListResourcesAsync()
    {
        var found = new List<Resource>();
        var routes = Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText!);
        foreach (var route in routes.Where(route => route.Contains(Argument + "/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal))
        {
            var parts = route.Replace("{**rest}", "rest", StringComparison.Ordinal).Split(Argument + "/");
            var answer = await Owner.SendAsync("OPTIONS", Bodies.Fill(parts[0] + Owner.Account + "/" + parts[1], Owner.Things));
            Assert.Equal((route, 405), (route, (int)answer.Status));
            found.AddRange(answer.Allow.Split(", ").Select(method => new Resource(method, parts[0], parts[1])));
        }

        return found;
    }
}

/// <summary>A method of a route.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Prefix">What stands before the account, with a slash at its end.</param>
/// <param name="Pattern">What stands behind it.</param>
internal sealed record Resource(string Method, string Prefix, string Pattern)
{
    public string Key => $"{Method} {Pattern}";

    public string? Body => Bodies.For(Key);

    public string Path(long account, IReadOnlyDictionary<string, string> things) => Bodies.Fill($"{Prefix}{account}/{Pattern}", things);
}
