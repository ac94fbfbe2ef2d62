using System.Globalization;
using MudBlazor;
using Sipstead.Provisioning.Recordings;

namespace Sipstead.Dashboard.Recordings;

/// <summary>The words and colours of recordings.</summary>
internal static class RecordingWords
{
    private const double Kilobyte = 1_000;
    private const double Megabyte = 1_000_000;
    private const double Gigabyte = 1_000_000_000;

    /// <summary>The state, as the API names it but for one that runs.</summary>
    public static string Of(RecordingStatus status) => status switch
    {
        RecordingStatus.Processing => "recording", RecordingStatus.Partial => "partial", RecordingStatus.Complete => "complete", RecordingStatus.Deleted => "deleted",
        _ => "error",
    };

    /// <summary>What a state means; null where its name says it.</summary>
    public static string? HintOf(RecordingStatus status) => status switch
    {
        RecordingStatus.Partial => "Cut short: the server ended, the account's room was used up, or the disk was too slow.",
        RecordingStatus.Error => "Nothing was kept. The server's log tells why.",
        _ => null,
    };

    public static Color ColorOf(RecordingStatus status) => status switch
    {
        RecordingStatus.Processing => Color.Info, RecordingStatus.Complete => Color.Success, RecordingStatus.Partial => Color.Warning, _ => Color.Error,
    };

    public static string Of(TranscriptionStatus status) => status switch
    {
        TranscriptionStatus.None => "–",
        TranscriptionStatus.Processing => "under way",
        TranscriptionStatus.Available => "there",
        TranscriptionStatus.Timeout => "took too long",
        TranscriptionStatus.FileSizeTooBig => "recording too long",
        TranscriptionStatus.FileSizeTooSmall => "recording too short",
        _ => "failed",
    };

    /// <summary>Such as <c>WAV, 2 channels</c>.</summary>
    public static string FormatOf(RecordingDetails recording) =>
        $"{(recording.Format == RecordingFormat.Mp3 ? "MP3" : "WAV")}, {(recording.Channels == 1 ? "1 channel" : "2 channels")}";

    /// <summary>Octets as people count them: three digits are enough.</summary>
    public static string SizeOf(long octets) => octets switch
    {
        < (long)Kilobyte => string.Create(CultureInfo.InvariantCulture, $"{octets} B"),
        < (long)Megabyte => string.Create(CultureInfo.InvariantCulture, $"{octets / Kilobyte:0} kB"),
        < (long)Gigabyte => string.Create(CultureInfo.InvariantCulture, $"{octets / Megabyte:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets / Gigabyte:0.00} GB"),
    };

    /// <summary>The type that browsers play: the API's <c>audio/vnd.wave</c> is unknown to some.</summary>
    public static string MediaTypeOf(RecordingFormat format) => format == RecordingFormat.Mp3 ? "audio/mpeg" : "audio/wav";
}
