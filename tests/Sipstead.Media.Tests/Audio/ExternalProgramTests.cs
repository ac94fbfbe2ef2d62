using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Audio;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Audio;

/// <summary>Programs that fail, hang, flood or are not there.</summary>
public sealed class ExternalProgramTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ProgramSlots _slots = new(1, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Input_goes_in_and_output_comes_out()
    {
        var input = new byte[1_000_000];
        Random.Shared.NextBytes(input);
        var (output, error) = await RunAsync("exec cat", input);
        Assert.Null(error);
        Assert.True(output.Span.SequenceEqual(input));
    }

    [Fact]
    public async Task Output_up_to_the_bound_is_taken()
    {
        Assert.Equal(1_000, (await RunAsync("head -c 1000 /dev/zero", [], 1_000)).Output.Length);
        Assert.Equal("program made more audio than is accepted.", (await RunAsync("head -c 1001 /dev/zero", [], 1_000)).Error);
    }

    [Fact]
    public async Task A_failure_is_told_with_the_programs_first_words() =>
        Assert.Equal("program ended with exit code 3: No such voice.", (await RunAsync("echo 'No such voice.' >&2; echo more >&2; exit 3")).Error);

    [Fact]
    public async Task A_failure_without_words_is_told_too() =>
        Assert.Equal("program ended with exit code 4: it did not say why.", (await RunAsync("exit 4", new byte[1_000_000])).Error);

    [Fact]
    public async Task Many_words_do_not_hold_a_program_up() =>
        Assert.Null((await RunAsync("head -c 1000000 /dev/zero >&2; echo done")).Error);

    [Fact]
    public async Task A_program_that_may_not_run_is_told()
    {
        var path = _folder.Write("text", "no program");
        var error = (await Program(path).RunAsync([], default, 100, Deadline, Token)).Error;
        Assert.StartsWith("text could not be started: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_of_our_environment_stay_here()
    {
        Environment.SetEnvironmentVariable("Sipstead__Test__Password", "secret");
        var environment = Encoding.UTF8.GetString((await RunAsync("env")).Output.Span);
        Assert.DoesNotContain("Sipstead", environment, StringComparison.Ordinal);
        Assert.Contains("PATH=", environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_deadline_ends_the_program()
    {
        var running = RunAsync(Hang());
        var process = await ProcessAsync();
        _time.Advance(Deadline);
        Assert.Equal("program took longer than 20 s.", (await running).Error);
        await EndOfAsync(process);
    }

    [Fact]
    public async Task Cancellation_ends_the_program_and_its_children()
    {
        using var cancelling = new CancellationTokenSource();
        var running = RunAsync(Hang() + "; exit 0", cancellationToken: cancelling.Token);
        var process = await ProcessAsync();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await EndOfAsync(process);
    }

    [Fact]
    public async Task One_waits_and_the_next_is_turned_away()
    {
        var gate = _folder["gate"];
        var script = $"echo $$ >{_folder["pid"]}; while [ ! -e {gate} ]; do sleep 0.05; done; echo done";
        var first = RunAsync(script);
        await ProcessAsync();
        var second = RunAsync(script);
        await Poll.UntilAsync("the second to wait", () => Task.FromResult(_slots.Present == 2), Token);
        Assert.Equal("Too many requests wait for program already; try again later.", (await RunAsync(script)).Error);
        Assert.False(first.IsCompleted || second.IsCompleted);
        await File.WriteAllTextAsync(gate, "", Token);
        Assert.Null((await first).Error);
        Assert.Null((await second).Error);
        Assert.Null((await RunAsync(script)).Error);
    }

    [Fact]
    public async Task Who_gives_up_waiting_makes_room()
    {
        var first = RunAsync(Hang());
        await ProcessAsync();
        using var cancelling = new CancellationTokenSource();
        var second = RunAsync("echo done", cancellationToken: cancelling.Token);
        await Poll.UntilAsync("the second to wait", () => Task.FromResult(_slots.Present == 2), Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var third = RunAsync("echo done");
        await Poll.UntilAsync("the third to wait", () => Task.FromResult(_slots.Present == 2), Token);
        Assert.False(third.IsCompleted);
        _time.Advance(Deadline);
        Assert.Equal("program took longer than 20 s.", (await first).Error);
        Assert.NotNull((await third).Error);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _folder.Dispose();
    }

    private string Hang() => $"echo $$ >{_folder["pid"]}; sleep 1000";

    /// <summary>The id of the program that runs.</summary>
    private async Task<string> ProcessAsync() =>
        await Poll.ForAsync(
            "the program to start",
            () => Task.FromResult(File.Exists(_folder["pid"]) && File.ReadAllText(_folder["pid"]) is { Length: > 1 } id ? id.Trim() : null), Token);

    private static Task EndOfAsync(string process) =>
        Poll.UntilAsync("the program to be gone", () => Task.FromResult(!Directory.Exists($"/proc/{process}")), Token);

    private ExternalProgram Program(string path) => new(path, "apt-get install it", _slots, _time);

    private async Task<ProgramOutput> RunAsync(
        string script, byte[]? input = null, int maximum = 2_000_000, CancellationToken? cancellationToken = null) =>
        await Program(await FakeProgram.WriteAsync(_folder, script)).RunAsync([], input ?? [], maximum, Deadline, cancellationToken ?? Token);
}
