using Sipstead.Media.Audio;

namespace Sipstead.Media.Recording;

/// <summary>Makes MP3 files of WAV files and the other way round, through ffmpeg in a process of its own (ruling 34).</summary>
public sealed class Mp3Files : IDisposable
{
    private const int Queue = 256;

    /// <summary>An hour takes a few seconds.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Demuxer and protocol are fixed: whatever the file holds, ffmpeg opens no other.</summary>
    private static readonly string[] Reading = ["-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-protocol_whitelist", "file", "-f"];

    private readonly ProgramSlots _slots = new(Environment.ProcessorCount, Queue);
    private readonly ExternalProgram _ffmpeg;

    public Mp3Files(AudioOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ffmpeg = new ExternalProgram(
            options.FfmpegProgram, "apt-get install ffmpeg, or name the program in Sipstead:Audio:FfmpegProgram, or record WAV files", _slots, time);
    }

    /// <summary>Writes what a WAV file holds into an MP3 file that is there, and keeps its mode. Null, or why it cannot be done.</summary>
    public Task<string?> EncodeAsync(string wav, string mp3, CancellationToken cancellationToken) =>
        RunAsync([.. Reading, "wav", "-i", $"file:{wav}", "-map_metadata", "-1", "-codec:a", "libmp3lame", "-b:a", "32k", "-f", "mp3", $"file:{mp3}"], cancellationToken);

    /// <summary>Writes what an MP3 file holds into a WAV file that is there, and keeps its mode. Null, or why it cannot be done.</summary>
    public Task<string?> DecodeAsync(string mp3, string wav, CancellationToken cancellationToken) =>
        RunAsync([.. Reading, "mp3", "-i", $"file:{mp3}", "-map_metadata", "-1", "-codec:a", "pcm_s16le", "-bitexact", "-f", "wav", $"file:{wav}"], cancellationToken);

    public void Dispose() => _slots.Dispose();

    private async Task<string?> RunAsync(string[] arguments, CancellationToken cancellationToken) =>
        (await _ffmpeg.RunAsync(arguments, default, 1024, Deadline, cancellationToken).ConfigureAwait(false)).Error;
}
