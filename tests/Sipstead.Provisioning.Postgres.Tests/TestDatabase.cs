using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests;

/// <summary>Which database the tests run on: here one of PostgreSQL for each folder, a copy of one that has the tables.</summary>
internal static class TestDatabase
{
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Names = new();

    /// <summary>Why the tests cannot run; null when they can.</summary>
    public static string? WhyMissing => PostgresServer.WhyMissing;

    /// <summary>Skips the test when it cannot run.</summary>
    public static void Require() => Assert.SkipWhen(WhyMissing is not null, WhyMissing ?? "");

    /// <summary>Settings with the database that belongs to a folder, unless they have one.</summary>
    public static async Task<ProvisioningOptions> InAsync(TemporaryFolder folder, ProvisioningOptions options)
    {
        Require();
        if (options.Database is not null) return options with { DataDirectory = folder.Path };
        await DropUnusedAsync();
        var name = await Names.GetOrAdd(folder.Path, _ => new Lazy<Task<string>>(CreateAsync)).Value;
        var server = await PostgresServer.OfThisProcessAsync();
        return options with { DataDirectory = folder.Path, Database = server.ConnectionTo(name) };
    }

    private static async Task<string> CreateAsync() => await (await PostgresServer.OfThisProcessAsync()).CreateDatabaseAsync(await Template.Value);

    private static async Task<string> CreateTemplateAsync()
    {
        var server = await PostgresServer.OfThisProcessAsync();
        var name = await server.CreateDatabaseAsync();
        using var database = new PostgresDatabase(server.ConnectionTo(name), NullLoggerFactory.Instance);
        await database.PrepareAsync(CancellationToken.None);
        return name;
    }

    /// <summary>Drops the databases of folders that are gone: each is some megabytes.</summary>
    private static async Task DropUnusedAsync()
    {
        foreach (var folder in Names.Keys.Where(folder => !Directory.Exists(folder)))
        {
            if (!Names.TryRemove(folder, out var name)) continue;
            await (await PostgresServer.OfThisProcessAsync()).DropDatabaseAsync(await name.Value);
        }
    }
}
