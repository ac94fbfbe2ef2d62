using Sipstead.Media.Recording;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>What Record and StartRecording have in common (bxml.md 6).</summary>
internal static class RecordingAttributes
{
    public static RecordingWish Read(VerbElement element, RecordingLayout layout, TimeSpan maximumDuration)
    {
        var isMp3 = element.Word("fileFormat", "wav", "mp3") == "mp3";
        var transcriptionAvailable = element.Callback("transcriptionAvailable")?.Primary;
        var detectsLanguage = element.Boolean("detectLanguage", otherwise: false);
        return new RecordingWish
        {
            Layout = layout, MaximumDuration = maximumDuration, Format = isMp3 ? RecordingFormat.Mp3 : RecordingFormat.Wav,
            Available = element.Callback("recordingAvailable")?.Primary,
            Transcription = element.Boolean("transcribe", otherwise: false) ? new TranscriptionWish(transcriptionAvailable, detectsLanguage) : null,
        };
    }
}
