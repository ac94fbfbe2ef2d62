using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Tests.Audio;
using Sipstead.Media.Transcription;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Transcription;

/// <summary>The operator's program, as shell scripts.</summary>
public sealed class ProgramTranscriptionEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_GetsThePath_AndItsWordsAreTheTranscript() =>
        Assert.Equal("/a file.wav", (await RunAsync("echo \"$@\"")).Transcript?.Text);

    [Fact]
    public async Task Program_IsAskedToDetectTheLanguage() =>
        Assert.Equal("/a file.wav --detect-language", (await RunAsync("echo \"$@\"", detectLanguage: true)).Transcript?.Text);

    [Fact]
    public async Task Failure_IsToldInItsWords()
    {
        var result = await RunAsync("echo 'no model' >&2; exit 3");
        Assert.Equal((null, "program ended with exit code 3: no model.", false), (result.Transcript, result.Error, result.IsLate));
    }

    [Fact]
    public async Task ObjectWithoutText_IsAFailure() => Assert.Equal("program wrote an object without text.", (await RunAsync("echo '{}'")).Error);

    [Fact]
    public async Task ProgramThatHangs_IsLate()
    {
        var running = RunAsync($"echo x >{_folder["started"]}; sleep 1000");
        await Poll.UntilAsync("the program to run", () => Task.FromResult(File.Exists(_folder["started"])), Token);
        _time.Advance(TimeSpan.FromSeconds(600));
        Assert.True((await running).IsLate);
    }

    [Fact]
    public async Task WithoutAProgram_ThatIsSaid()
    {
        using var engine = new ProgramTranscriptionEngine(new TranscriptionOptions(), _time);
        Assert.Equal("There is no transcription engine: name a program in Sipstead:Transcription:Program.", engine.Absence);
        Assert.Equal(engine.Absence, (await engine.TranscribeAsync("/a.wav", false, Token)).Error);
        using var there = new ProgramTranscriptionEngine(new TranscriptionOptions { Program = "transcribe" }, _time);
        Assert.Null(there.Absence);
    }

    [Fact]
    public void Options_AreChecked()
    {
        Assert.Empty(new TranscriptionOptions().Validate());
        Assert.Equal(3, new TranscriptionOptions { Timeout = 0, Parallel = 0, MaxLive = -1 }.Validate().Count());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<TranscriptionResult> RunAsync(string script, bool detectLanguage = false)
    {
        using var engine = new ProgramTranscriptionEngine(new TranscriptionOptions { Program = await FakeProgram.WriteAsync(_folder, script) }, _time);
        return await engine.TranscribeAsync("/a file.wav", detectLanguage, Token);
    }
}
