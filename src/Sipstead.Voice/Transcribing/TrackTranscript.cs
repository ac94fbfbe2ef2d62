using System.Text;
using Sipstead.Media;

namespace Sipstead.Voice.Transcribing;

/// <summary>All that was said on a track.</summary>
/// <param name="Confidence">0 to 1; null when the engine does not tell.</param>
/// <param name="Language">Null when the engine does not tell.</param>
internal sealed record TrackTranscript(AudioTrack Track, string Text, double? Confidence, string? Language);

/// <summary>Puts the utterances of a track together.</summary>
internal sealed class TranscriptBuilder(AudioTrack track, TranscriptionMetrics metrics)
{
    /// <summary>Characters of a track: some hours of speech. What is said after them is left out.</summary>
    public const int MaximumText = 256 * 1024;

    private readonly StringBuilder _text = new();
    private double _confidence;
    private int _confident;
    private string? _language;

    public void Add(SpokenUtterance spoken)
    {
        _language = spoken.Transcript.Language ?? _language;
        if (_text.Length + 1 + spoken.Text.Length > MaximumText)
        {
            metrics.CharactersDropped(spoken.Text.Length);
            return;
        }

        if (_text.Length > 0) _text.Append(' ');
        _text.Append(spoken.Text);
        if (spoken.Transcript.Confidence is not { } confidence) return;
        _confidence += confidence * spoken.Text.Length;
        _confident += spoken.Text.Length;
    }

    /// <summary>What there is so far; its confidence is the mean over the letters.</summary>
    public TrackTranscript Build() => new(track, _text.ToString(), _confident == 0 ? null : Math.Round(_confidence / _confident, 3), _language);
}
