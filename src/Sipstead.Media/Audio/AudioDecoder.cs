using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;

namespace Sipstead.Media.Audio;

/// <summary>
/// Makes clips of the files that PlayAudio may name: WAV, and MP3 through ffmpeg in a process of its own. The Content-Type decides which, else the
/// file's extension, else it is WAV (API, PlayAudio).
/// </summary>
public sealed class AudioDecoder : IDisposable
{
    private const string Wav = "wav";
    private const string Mp3 = "mp3";
    private const int Queue = 64;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly int MaximumOctets = (int)AudioFormat.SamplesIn(WavReader.MaximumDuration) * sizeof(short);

    /// <summary>Demuxer and protocol are fixed: a file that is really a playlist must not make ffmpeg open what it names.</summary>
    private static readonly string[] Arguments =
    [
        "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "pipe", "-f", "mp3", "-i", "pipe:0",
        "-vn", "-f", "s16le", "-ac", "1", "-ar", "8000", "pipe:1",
    ];

    private readonly ProgramSlots _slots = new(Environment.ProcessorCount, Queue);
    private readonly ExternalProgram _ffmpeg;
    private readonly AudioMetrics _metrics;

    public AudioDecoder(AudioOptions options, IMeterFactory meters, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(meters);
        _ffmpeg = new ExternalProgram(
            options.FfmpegProgram, "apt-get install ffmpeg, or name the program in Sipstead:Audio:FfmpegProgram, or play WAV files", _slots, time);
        _metrics = new AudioMetrics(meters);
    }

    /// <summary>Decodes a file of at most an hour. What is wrong with it is the <see cref="AudioResult.Error"/>.</summary>
    /// <param name="octets">The file.</param>
    /// <param name="contentType">The Content-Type that it came with, with or without parameters.</param>
    /// <param name="fileName">Its name, or the path of its URL.</param>
    /// <param name="cancellationToken">Ends the work; the only reason to throw.</param>
    public async ValueTask<AudioResult> DecodeAsync(
        ReadOnlyMemory<byte> octets, string? contentType, string? fileName, CancellationToken cancellationToken)
    {
        var type = TypeOfContent(contentType) ?? TypeOfName(fileName) ?? Wav;
        var result = type == Mp3
            ? await DecodeMp3Async(octets, cancellationToken).ConfigureAwait(false)
            : WavReader.Read(octets, cancellationToken);
        _metrics.Decoded(type, result.Error is null);
        return result;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<AudioResult> DecodeMp3Async(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        var (output, error) = await _ffmpeg.RunAsync(Arguments, octets, MaximumOctets, Deadline, cancellationToken).ConfigureAwait(false);
        if (error is not null) return new AudioResult(null, error);
        return output.Length < sizeof(short)
            ? new AudioResult(null, "The MP3 file holds no audio.")
            : new AudioResult(new AudioClip(MemoryMarshal.Cast<byte, short>(output.Span).ToArray()), null);
    }

    private static string? TypeOfContent(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            ? parsed.MediaType?.ToLowerInvariant() switch
            {
                "audio/wav" or "audio/x-wav" or "audio/vnd.wave" or "audio/wave" => Wav,
                "audio/mpeg" or "audio/mpeg3" or "audio/mp3" => Mp3,
                _ => null,
            }
            : null;

    private static string? TypeOfName(string? fileName)
    {
        var path = fileName.AsSpan();
        if (path.IndexOfAny('?', '#') is >= 0 and var end) path = path[..end];
        return Path.GetExtension(path) switch
        {
            var extension when extension.Equals(".wav", StringComparison.OrdinalIgnoreCase) => Wav,
            var extension when extension.Equals(".mp3", StringComparison.OrdinalIgnoreCase) => Mp3,
            _ => null,
        };
    }
}
