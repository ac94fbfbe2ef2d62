using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Sipstead.Server.Composition;
using Sipstead.Server.Configuration;
using Sipstead.Testing;

namespace Sipstead.Server.Tests;

/// <summary>The whole server in the process of the tests, which can look at its services and its log.</summary>
internal sealed class HostedServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServerHost _host;

    private HostedServer(TemporaryFolder folder, ServerSetup setup, ServerHost host, CapturedLog log)
    {
        _folder = folder;
        _host = host;
        Setup = setup;
        Log = log;
    }

    public ServerSetup Setup { get; }

    public CapturedLog Log { get; }

    public IServiceProvider Services => _host.Services;

    public static async Task<HostedServer> StartAsync(LogLevel level)
    {
        var folder = new TemporaryFolder();
        var setup = new ServerSetup(folder["data"]);
        var log = new CapturedLog();
        try
        {
            var host = await ServerHost.StartAsync(
                SettingsOf(setup), logging => logging.SetMinimumLevel(level).AddProvider(log), TestContext.Current.CancellationToken);
            return new HostedServer(folder, setup, host, log);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static ServerSettings SettingsOf(ServerSetup setup) => ServerSettings.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(setup.Environment().Select(pair => new KeyValuePair<string, string?>(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build());
}
