using System.Globalization;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Sipp;

/// <summary>
/// A scenario of SIPp that runs, once for each line of values. A call that does not go as the scenario says makes the exit code 1 and the messages part of
/// the result.
/// </summary>
internal sealed class SippRun : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly ProgramRun _run;

    private SippRun(string scenario, int localPort, IReadOnlyCollection<string> lines, string[] more, Func<string, string>? edit = null)
    {
        _folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sipp", "Scenarios", scenario + ".xml"));
        var steps = _folder.Write(scenario + ".xml", edit?.Invoke(text) ?? text);
        var values = _folder.Write("values.csv", "SEQUENTIAL\n" + string.Join('\n', lines) + "\n");
        string[] arguments =
        [
            .. more,
            "-sf", steps,
            "-inf", values,
            "-i", "127.0.0.1",
            "-p", Invariant($"{localPort}"),
            "-cp", Invariant($"{FreePort.Take()}"),
            "-m", Invariant($"{lines.Count}"),
            "-recv_timeout", "10000",
            "-timeout", "40", "-timeout_error",
            "-trace_err", "-error_file", _folder["errors.log"],
            "-trace_msg", "-message_file", _folder["messages.log"],
            "-nostdin", "-nd",
        ];
        _run = ProgramRun.Start("sipp", arguments, new Dictionary<string, string?> { ["TERM"] = "dumb" }, _folder.Path);
    }

    /// <summary>The messages that were sent and received so far.</summary>
    public string Messages => ReadLog("messages.log");

    private bool HasEnded => _run.ExitCode is not null;

    /// <summary>Runs <c>Scenarios/{scenario}.xml</c> against a server, over UDP or TCP, to its end.</summary>
    public static async Task<ProgramResult> RunAsync(
        string scenario, string transport, int port, string realm, IReadOnlyCollection<string> lines, CancellationToken cancellationToken,
        int callsPerSecond = 10, int? localPort = null)
    {
        await using var run = Call(scenario, transport, port, realm, lines, callsPerSecond, localPort);
        return await run.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Starts a scenario that begins with a request to a server.</summary>
    public static SippRun Call(
        string scenario, string transport, int port, string realm, IReadOnlyCollection<string> lines, int callsPerSecond = 10, int? localPort = null) => new(
            scenario, localPort ?? FreePort.Take(), lines,
            [Invariant($"127.0.0.1:{port}"), "-t", transport == "tcp" ? "t1" : "u1", "-r", Invariant($"{callsPerSecond}"), "-auth_uri", realm]);

    /// <summary>
    /// Starts a scenario that waits for one request on a port, over UDP; returns when it listens. The text of the scenario can be edited before.
    /// </summary>
    public static async Task<SippRun> ListenAsync(
        string scenario, int localPort, string line, CancellationToken cancellationToken, Func<string, string>? edit = null)
    {
        var run = new SippRun(scenario, localPort, [line], [], edit);
        await Poll.UntilAsync("SIPp to listen", () => Task.FromResult(run.HasEnded || IsTaken(localPort)), cancellationToken);
        if (run.HasEnded) Assert.Fail((await run.WaitForExitAsync(cancellationToken)).ToString());
        return run;
    }

    /// <summary>Waits until a message with this in it was sent or received.</summary>
    public Task WaitForMessageAsync(string text, CancellationToken cancellationToken) =>
        Poll.UntilAsync($"SIPp's {text}", () => Task.FromResult(Messages.Contains(text, StringComparison.Ordinal)), cancellationToken);

    /// <summary>Waits until all calls of the scenario are over.</summary>
    public async Task<ProgramResult> WaitForExitAsync(CancellationToken cancellationToken)
    {
        var result = await _run.WaitForExitAsync(Deadline, cancellationToken);
        return result.ExitCode == 0 ? result : result with { Errors = result.Errors + ReadLog("errors.log") + Messages };
    }

    /// <summary>Waits for the end and asserts that all went as the scenario says.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        var result = await WaitForExitAsync(cancellationToken);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Looks at the system's list: to try to bind the port could take it from SIPp.</summary>
    private static bool IsTaken(int port) => File.ReadLines("/proc/net/udp").Skip(1)
        .Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].EndsWith(Invariant($":{port:X4}"), StringComparison.Ordinal));

    private string ReadLog(string name) => File.Exists(_folder[name]) ? File.ReadAllText(_folder[name]) : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
