using Sipstead.Media.Speech;
using Sipstead.Media.Tests.Audio;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Speech;

/// <summary>The engine with programs that stand in for espeak-ng.</summary>
public sealed class EspeakEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_missing_program_is_told_with_its_package()
    {
        using var speaking = new Speaking(new SpeechOptions { EspeakProgram = "/no/espeak-ng" });
        Assert.Equal(
            "espeak-ng is not installed: apt-get install espeak-ng, or name the program in Sipstead:Speech:EspeakProgram.",
            (await speaking.AskAsync("Hello")).Error);
        Assert.Equal(1, speaking.Meters["sipstead.media.speech.failures"]);
    }

    [Fact]
    public async Task The_text_goes_over_standard_input_and_the_voice_over_the_command_line()
    {
        using var speaking = await StandInAsync($"echo \"$*\" >{_folder["arguments"]}; cat >{_folder["input"]}; exit 1");
        await speaking.AskAsync(new SpeechRequest("-v <s>H\u00E9llo</s>", null, null, "katrin"), Speaking.Token);
        Assert.Equal("-m -b 1 --stdin --stdout -v de+f3\n", await File.ReadAllTextAsync(_folder["arguments"], Speaking.Token));
        Assert.Equal("<speak>-v <s>H\u00E9llo</s></speak>", await File.ReadAllTextAsync(_folder["input"], Speaking.Token));
    }

    [Fact]
    public async Task Output_that_is_no_audio_is_an_error()
    {
        using var speaking = await StandInAsync("cat >/dev/null; echo hello");
        Assert.Equal("The audio is not a WAV file: it does not begin with RIFF and WAVE.", (await speaking.AskAsync("Hello")).Error);
    }

    [Fact]
    public async Task A_failure_of_the_program_is_an_error()
    {
        using var speaking = await StandInAsync("echo 'The voice does not exist.' >&2; exit 1");
        Assert.Equal("program ended with exit code 1: The voice does not exist.", (await speaking.AskAsync("Hello")).Error);
    }

    [Fact]
    public async Task A_book_is_refused()
    {
        using var speaking = new Speaking(new SpeechOptions());
        Assert.Equal("The text to speak is longer than 50000 characters.", (await speaking.AskAsync(new string('a', 50_001))).Error);
    }

    [Fact]
    public async Task The_callers_cancellation_is_thrown()
    {
        using var speaking = await StandInAsync("sleep 1000");
        using var cancelling = new CancellationTokenSource();
        var asking = speaking.AskAsync(new SpeechRequest("Hello", null, null, null), cancelling.Token).AsTask();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public void Options_tell_what_is_wrong()
    {
        Assert.Empty(new SpeechOptions().Validate());
        Assert.Equal(
            [
                "Sipstead:Speech:EspeakProgram is empty: give the name or path of espeak-ng.",
                "Sipstead:Speech:Parallel is 0: give 1 to 256.",
                "Sipstead:Speech:Queue is -1: give 0 to 10000.",
                "Sipstead:Speech:CacheSize is 5000: give 0 to 4096 megabytes.",
            ],
            new SpeechOptions { EspeakProgram = " ", Parallel = 0, Queue = -1, CacheSize = 5_000 }.Validate());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Speaking> StandInAsync(string script) =>
        new(new SpeechOptions { EspeakProgram = await FakeProgram.WriteAsync(_folder, script) });
}
