namespace Sipstead.Media.Audio;

/// <summary>Settings of audio files; configuration section <c>Sipstead:Audio</c>.</summary>
public sealed record AudioOptions
{
    /// <summary>Name or path of the program that decodes MP3. Default ffmpeg.</summary>
    public string FfmpegProgram { get; init; } = "ffmpeg";

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(FfmpegProgram)) yield return "Sipstead:Audio:FfmpegProgram is empty: give the name or path of ffmpeg.";
    }
}
