using Sipstead.Media.Audio;

namespace Sipstead.Media.Transcription;

/// <summary>
/// Transcribes by a program of the operator's, in a process of its own: it is given the path of a WAV file, and <c>--detect-language</c> where that is
/// wanted, and writes text or JSON (<see cref="TranscriptReader"/>) to its standard output.
/// </summary>
public sealed class ProgramTranscriptionEngine : ITranscriptionEngine, IDisposable
{
    private const int Queue = 64;
    private const int MaximumOutput = 1024 * 1024;

    private readonly TranscriptionOptions _options;
    private readonly ProgramSlots _slots;
    private readonly ExternalProgram _program;

    public ProgramTranscriptionEngine(TranscriptionOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _slots = new ProgramSlots(options.Parallel, Queue);
        _program = new ExternalProgram(options.Program, "correct Sipstead:Transcription:Program", _slots, time);
    }

    public string? Absence =>
        string.IsNullOrWhiteSpace(_options.Program) ? "There is no transcription engine: name a program in Sipstead:Transcription:Program." : null;

    public async Task<TranscriptionResult> TranscribeAsync(string wav, bool detectLanguage, CancellationToken cancellationToken)
    {
        if (Absence is { } absence) return new TranscriptionResult(null, absence);
        string[] arguments = detectLanguage ? [wav, "--detect-language"] : [wav];
        var output = await _program.RunAsync(arguments, default, MaximumOutput, TimeSpan.FromSeconds(_options.Timeout), cancellationToken).ConfigureAwait(false);
        if (output.Error is not null) return new TranscriptionResult(null, output.Error) { IsLate = output.IsLate };
        return TranscriptReader.Read(output.Output) is { } transcript
            ? new TranscriptionResult(transcript, null)
            : new TranscriptionResult(null, $"{Path.GetFileName(_options.Program)} wrote an object without text.");
    }

    public void Dispose() => _slots.Dispose();
}
