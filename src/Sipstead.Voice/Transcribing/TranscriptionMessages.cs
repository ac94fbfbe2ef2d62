using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Transcribing;

/// <summary>Writes the messages of a live transcription.</summary>
internal sealed class TranscriptionMessages(FeedCall call, LiveTranscription transcription) : FeedMessages(call, transcription)
{
    protected override string ParametersProperty => "customParams";

    /// <summary>What was said. It does not change any more: the engine hears each utterance once, whole.</summary>
    public ReadOnlyMemory<byte> Transcription(SpokenUtterance spoken)
    {
        Begin();
        Json.WriteString("track"u8, Feed.NameOf(spoken.Track));
        WriteTimes(spoken.Place.Start, spoken.Place.End);
        Json.WriteBoolean("isPartial"u8, false);
        if (spoken.Transcript.Language is { } language) Json.WriteString("language"u8, language);
        Json.WriteString("transcript"u8, spoken.Text);
        Json.WriteStartArray("items"u8);
        foreach (var item in spoken.Items()) WriteItem(item);
        Json.WriteEndArray();
        return End("transcription"u8);
    }

    protected override void WriteNames(Feed feed)
    {
        Json.WriteString("realTimeTranscriptionId"u8, feed.Id);
        Json.WriteString("transcriptionName"u8, feed.Name);
    }

    protected override void WriteKind() => Json.WriteBoolean("stabilized"u8, transcription.IsStabilized);

    private void WriteItem(SpokenItem item)
    {
        Json.WriteStartObject();
        Json.WriteString("content"u8, item.Content);
        WriteTimes(item.Start, item.End);
        if (item.Confidence is { } confidence) Json.WriteNumber("confidence"u8, confidence);
        Json.WriteBoolean("stable"u8, true);
        Json.WriteString("type"u8, item.IsMark ? "PUNCTUATION"u8 : "PRONUNCIATION"u8);
        Json.WriteEndObject();
    }

    /// <summary>In seconds of the track since the transcription began.</summary>
    private void WriteTimes(TimeSpan start, TimeSpan end)
    {
        Json.WriteNumber("startTime"u8, Math.Round(start.TotalSeconds, 3));
        Json.WriteNumber("endTime"u8, Math.Round(end.TotalSeconds, 3));
    }
}
