using System.Diagnostics.Metrics;
using System.Text;
using Sipstead.Media.Audio;

namespace Sipstead.Media.Speech;

/// <summary>Speaks with espeak-ng, in a process for each sentence.</summary>
public sealed class EspeakSpeechEngine : ISpeechEngine, IDisposable
{
    /// <summary>Characters of a sentence, markup included.</summary>
    public const int MaximumText = 50_000;

    /// <summary>espeak-ng writes 16 bits at 22,050 Hz; this holds ten minutes.</summary>
    private const int MaximumOctets = 10 * 60 * 22_050 * 2;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ProgramSlots _slots;
    private readonly ExternalProgram _espeak;
    private readonly SpeechMetrics _metrics;
    private readonly TimeProvider _time;

    public EspeakSpeechEngine(SpeechOptions options, IMeterFactory meters, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(time);
        _slots = new ProgramSlots(options.Parallel, options.Queue);
        _espeak = new ExternalProgram(
            options.EspeakProgram, "apt-get install espeak-ng, or name the program in Sipstead:Speech:EspeakProgram", _slots, time);
        _metrics = new SpeechMetrics(meters);
        _time = time;
    }

    public async ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var started = _time.GetTimestamp();
        var result = await SynthesiseAsync(request, cancellationToken).ConfigureAwait(false);
        _metrics.Synthesised(result.Error is null, _time.GetElapsedTime(started));
        return result;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<AudioResult> SynthesiseAsync(SpeechRequest request, CancellationToken cancellationToken)
    {
        if (request.Ssml.Length > MaximumText) return new AudioResult(null, $"The text to speak is longer than {MaximumText} characters.");
        var voice = SpeechVoices.Choose(request.Locale, request.Gender, request.Voice);
        var document = Encoding.UTF8.GetBytes(EspeakSsml.Write(request.Ssml, voice));
        var (output, error) = await _espeak.RunAsync(
            ["-m", "-b", "1", "--stdin", "--stdout", "-v", voice.Espeak], document, MaximumOctets, Deadline, cancellationToken).ConfigureAwait(false);
        return error is null ? WavReader.Read(output, cancellationToken) : new AudioResult(null, error);
    }
}
