using Sipstead.Testing;

namespace Sipstead.Server.Tests;

/// <summary>One server process for the tests of a class that do not stop it.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _server;

    public RunningServer() => Setup = new ServerSetup(_folder["data"]);

    public ServerSetup Setup { get; }

    public ServerProcess Server => _server ?? throw new InvalidOperationException("The server is not started yet.");

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(Setup, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }
}
