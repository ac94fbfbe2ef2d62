namespace Sipstead.Testing;

/// <summary>The server as users run it: <c>dotnet sipstead.dll</c> in a process of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly ProgramRun _run;

    private ServerProcess(ServerSetup setup, ProgramRun run)
    {
        Setup = setup;
        _run = run;
        Client = setup.CreateClient();
    }

    public ServerSetup Setup { get; }

    /// <summary>The id of the process.</summary>
    public int Id => _run.Id;

    /// <summary>Speaks to the first account.</summary>
    public ApiClient Client { get; }

    /// <summary>What the server told on standard output.</summary>
    public string Output => _run.Output;

    /// <summary>The server's log.</summary>
    public string Log => _run.Errors;

    /// <summary>The program, beside the tests that reference its project.</summary>
    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "sipstead.dll");

    /// <summary>Starts a server and waits until it is ready. Throws <see cref="InvalidOperationException"/> with its words when it ends before.</summary>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup, CancellationToken cancellationToken, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var server = new ServerProcess(setup, ProgramRun.Start(
            setup.Launcher[0], [.. setup.Launcher.Skip(1), Assembly, .. arguments], setup.Environment(), setup.WorkingDirectory));
        try
        {
            await Poll.UntilAsync("the server to be ready", () => Task.FromResult(server.IsReady()), cancellationToken, StartDeadline);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program to its end: a command, or a start that is to fail.</summary>
    public static Task<ProgramResult> RunAsync(ServerSetup setup, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return ProgramRun.RunAsync("dotnet", [Assembly, .. arguments], cancellationToken, StartDeadline, setup.Environment(), setup.WorkingDirectory);
    }

    /// <summary>Sends a signal that does not end it.</summary>
    public Task SignalAsync(string signal, CancellationToken cancellationToken) => _run.SignalAsync(signal, cancellationToken);

    /// <summary>SIGTERM or another signal, and waits for the end.</summary>
    public async Task<ProgramResult> StopAsync(TimeSpan deadline, CancellationToken cancellationToken, string signal = "TERM")
    {
        await _run.SignalAsync(signal, cancellationToken);
        return await _run.WaitForExitAsync(deadline, cancellationToken);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await _run.SignalAsync("KILL", cancellationToken);
        await _run.WaitForExitAsync(Poll.DefaultDeadline, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _run.DisposeAsync();
    }

    /// <summary>Whether the report of the start is there whole: it comes in pieces, and ends with a request to paste.</summary>
    private static bool HasReport(string output)
    {
        var start = output.IndexOf("Sipstead is ready.", StringComparison.Ordinal);
        return start >= 0 && output.IndexOf("/accounts/", start, StringComparison.Ordinal) >= 0 && output.EndsWith("\n\n", StringComparison.Ordinal);
    }

    private bool IsReady()
    {
        if (_run.ExitCode is { } code) throw new InvalidOperationException($"The server ended with exit code {code}.\n{Output}\n{Log}");
        return HasReport(Output);
    }
}
