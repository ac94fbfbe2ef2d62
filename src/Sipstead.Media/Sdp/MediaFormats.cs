using Sipstead.Media.Codecs;

namespace Sipstead.Media.Sdp;

/// <summary>What a media line's formats are: payload types with their codecs, in the order of the line (RFC 8866 5.14, 6.6, 6.15).</summary>
internal sealed class MediaFormats
{
    /// <summary>Events that telephone-event carries when fmtp says nothing: 0 to 15 (RFC 4733 2.4.1).</summary>
    public const ushort DefaultEvents = 0xFFFF;

    private const int MaxPayload = 127;

    private readonly List<(byte Payload, AudioCodec Codec)> _codecs = [];

    /// <summary>The payload types that we can use, in the order of the line.</summary>
    public IReadOnlyList<(byte Payload, AudioCodec Codec)> Codecs => _codecs;

    /// <summary>Payload type of telephone-event at our clock rate; -1 when there is none.</summary>
    public int EventPayload { get; private set; } = -1;

    /// <summary>Events of telephone-event, bit n for event n.</summary>
    public ushort Events { get; private set; } = DefaultEvents;

    /// <summary>Reads a media section.</summary>
    /// <param name="media">The section.</param>
    /// <param name="assumedEventPayload">A payload type that is telephone-event also without rtpmap, because our offer said so; else -1.</param>
    public static MediaFormats Read(SdpMedia media, int assumedEventPayload = -1)
    {
        var formats = new MediaFormats();
        foreach (var format in media.Formats)
            if (AsciiText.TryReadNumber(format, MaxPayload, out var payload)) formats.Add(media, (byte)payload, assumedEventPayload);
        return formats;
    }

    private void Add(SdpMedia media, byte payload, int assumedEventPayload)
    {
        if (_codecs.Exists(known => known.Payload == payload) || payload == EventPayload) return;
        var map = ValueFor(media, "rtpmap", payload);
        if (map is null)
        {
            if (AudioCodecs.Find(payload) is { } known) _codecs.Add((payload, known));
            else if (payload == assumedEventPayload) SetEvent(media, payload);
            return;
        }

        var parts = map.Trim().Split('/');
        if (parts.Length is < 2 or > 3 || !AsciiText.TryReadNumber(parts[1], int.MaxValue, out var clockRate)) return;
        var channels = 1;
        if (parts.Length == 3 && !AsciiText.TryReadNumber(parts[2], int.MaxValue, out channels)) return;
        if (AudioCodecs.Find(parts[0], clockRate, channels) is { } codec) _codecs.Add((payload, codec));
        else if (clockRate == AudioCodecs.ClockRate && AsciiText.EqualsIgnoreCase(parts[0], "telephone-event")) SetEvent(media, payload);
    }

    private void SetEvent(SdpMedia media, byte payload)
    {
        if (EventPayload >= 0) return;
        EventPayload = payload;
        Events = ValueFor(media, "fmtp", payload) is { } list ? ReadEvents(list) : DefaultEvents;
    }

    /// <summary>The rest of the first attribute <paramref name="name"/> that begins with the payload type.</summary>
    private static string? ValueFor(SdpMedia media, string name, byte payload)
    {
        foreach (var attribute in media.Attributes)
        {
            if (attribute.Name != name || attribute.Value is not { } value) continue;
            var space = value.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && AsciiText.TryReadNumber(value.AsSpan(0, space), MaxPayload, out var number) && number == payload) return value[(space + 1)..];
        }

        return null;
    }

    /// <summary>Reads a list such as <c>0-11,16</c>; what is no list stands for the default.</summary>
    private static ushort ReadEvents(string list)
    {
        uint events = 0;
        foreach (var range in list.AsSpan().Split(','))
        {
            var item = list.AsSpan()[range].Trim();
            var dash = item.IndexOf('-');
            if (!AsciiText.TryReadNumber(dash < 0 ? item : item[..dash], 255, out var first)) return DefaultEvents;
            var last = first;
            if (dash >= 0 && !AsciiText.TryReadNumber(item[(dash + 1)..], 255, out last)) return DefaultEvents;
            for (var number = first; number <= Math.Min(last, 15); number++) events |= 1u << number;
        }

        return (ushort)events;
    }
}
