using System.Globalization;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Streams;

/// <summary>Writes the messages of a stream.</summary>
internal sealed class StreamMessages(FeedCall call, MediaStream stream) : FeedMessages(call, stream)
{
    protected override string ParametersProperty => "streamParams";

    /// <summary>A frame of a track.</summary>
    public ReadOnlyMemory<byte> Media(AudioTrack track, ReadOnlySpan<byte> payload, long number)
    {
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        Begin();
        Json.WriteString("track"u8, Feed.NameOf(track));
        Json.WriteBase64String("payload"u8, payload);
        Json.WriteString("sequenceNumber"u8, digits[..length]);
        return End("media"u8);
    }

    protected override void WriteNames(Feed feed)
    {
        Json.WriteString("streamId"u8, feed.Id);
        Json.WriteString("streamName"u8, feed.Name);
    }

    protected override void WriteTrack(AudioTrack track)
    {
        Json.WriteStartObject("mediaFormat"u8);
        Json.WriteString("encoding"u8, "PCMU"u8);
        Json.WriteNumber("sampleRate"u8, AudioFormat.SampleRate);
        Json.WriteEndObject();
    }
}
