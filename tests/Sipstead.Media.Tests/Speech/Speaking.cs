using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Media.Tests.Speech;

/// <summary>An espeak-ng, or a program that stands in for it, and its counters.</summary>
internal sealed class Speaking : IDisposable
{
    private readonly EspeakSpeechEngine _engine;

    public Speaking(SpeechOptions options, TimeProvider? time = null) => _engine = new EspeakSpeechEngine(options, Meters, time ?? TimeProvider.System);

    public CountingMeters Meters { get; } = new();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The real program; the test is skipped where it is not installed.</summary>
    public static Speaking Real()
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("espeak-ng"), "espeak-ng is not installed.");
        return new Speaking(new SpeechOptions());
    }

    public ValueTask<AudioResult> AskAsync(SpeechRequest request, CancellationToken cancellationToken) => _engine.SpeakAsync(request, cancellationToken);

    public ValueTask<AudioResult> AskAsync(string ssml) => AskAsync(new SpeechRequest(ssml, null, null, null), Token);

    /// <summary>The audio of a sentence that must be spoken.</summary>
    public async Task<AudioClip> SpeakAsync(string ssml, string? voice = null)
    {
        var result = await AskAsync(new SpeechRequest(ssml, null, null, voice), Token);
        Assert.Null(result.Error);
        return result.Clip!;
    }

    public void Dispose()
    {
        _engine.Dispose();
        Meters.Dispose();
    }
}
