using Sipstead.Media.Codecs;

namespace Sipstead.Media.Sdp;

/// <summary>A payload type that carries audio.</summary>
/// <param name="Payload">The number.</param>
/// <param name="Codec">What it stands for.</param>
/// <param name="Parameters">What the party says in fmtp; null for nothing.</param>
internal readonly record struct CodecFormat(byte Payload, AudioCodec Codec, string? Parameters = null);

/// <summary>A payload type that carries telephone-event.</summary>
/// <param name="Payload">The number.</param>
/// <param name="ClockRate">Its clock: that of the audio beside it (RFC 4733 2.1).</param>
/// <param name="Events">Events that it carries; bit n stands for event n of 0 to 15.</param>
internal readonly record struct EventFormat(byte Payload, int ClockRate, ushort Events = MediaFormats.DefaultEvents);

/// <summary>What a media line's formats are: payload types with their codecs, in the order of the line (RFC 8866 5.14, 6.6, 6.15). Immutable.</summary>
internal sealed class MediaFormats
{
    /// <summary>Events that telephone-event carries when fmtp says nothing: 0 to 15 (RFC 4733 2.4.1).</summary>
    public const ushort DefaultEvents = 0xFFFF;

    private const int MaxPayload = 127;
    private const int FirstDynamicPayload = 96;

    /// <summary>Payload types that we offer telephone-event with, at 8 kHz and beside Opus.</summary>
    private const byte EventPayload = 101;
    private const byte WideEventPayload = 110;

    private readonly List<CodecFormat> _codecs = [];
    private readonly List<EventFormat> _events = [];

    /// <summary>All payload types of the line, those that we cannot use included: none gets another meaning (RFC 3264 8.3.2).</summary>
    private readonly HashSet<byte> _payloads = [];

    /// <summary>The payload types that we can use, in the order of the line.</summary>
    public IReadOnlyList<CodecFormat> Codecs => _codecs;

    /// <summary>Those of telephone-event, at the clocks of the codecs only.</summary>
    public IReadOnlyList<EventFormat> Events => _events;

    /// <summary>What a first offer has.</summary>
    public static MediaFormats Offer(IReadOnlyList<AudioCodec> codecs) => new MediaFormats().With(codecs);

    /// <summary>Reads a media section.</summary>
    /// <param name="media">The section.</param>
    /// <param name="usable">The codecs that may be used.</param>
    /// <param name="offered">What our offer said, whose payload types mean the same also without rtpmap; null for no offer.</param>
    public static MediaFormats Read(SdpMedia media, IReadOnlyList<AudioCodec> usable, MediaFormats? offered = null)
    {
        var formats = new MediaFormats();
        foreach (var format in media.Formats)
            if (AsciiText.TryReadNumber(format, MaxPayload, out var payload)) formats.Add(media, (byte)payload, usable, offered);
        formats._events.RemoveAll(telephoneEvent => !formats._codecs.Exists(known => known.Codec.ClockRate == telephoneEvent.ClockRate));
        return formats;
    }

    /// <summary>The same, and behind them the codecs that are not there yet, and telephone-event at their clocks. Payload types keep their meaning.</summary>
    public MediaFormats With(IReadOnlyList<AudioCodec> codecs)
    {
        var formats = new MediaFormats();
        formats._codecs.AddRange(_codecs);
        formats._events.AddRange(_events);
        formats._payloads.UnionWith(_payloads);
        foreach (var codec in codecs)
        {
            if (_codecs.Exists(known => known.Codec == codec)) continue;
            if ((codec.IsStatic ? formats.Take(codec.Payload) : formats.TakeDynamic(codec.Payload)) is { } payload)
                formats._codecs.Add(new CodecFormat(payload, codec));
        }

        foreach (var clockRate in formats._codecs.Select(known => known.Codec.ClockRate).Distinct().Order())
        {
            if (formats._events.Exists(known => known.ClockRate == clockRate)) continue;
            var preferred = clockRate == AudioCodec.Pcmu.ClockRate ? EventPayload : WideEventPayload;
            if (formats.TakeDynamic(preferred) is { } payload) formats._events.Add(new EventFormat(payload, clockRate));
        }

        return formats;
    }

    /// <summary>Takes a payload type; null when it has a meaning.</summary>
    private byte? Take(byte payload) => _payloads.Add(payload) ? payload : null;

    /// <summary>Takes this dynamic payload type, or another one; null when all have a meaning.</summary>
    private byte? TakeDynamic(byte preferred)
    {
        var taken = Take(preferred);
        for (var payload = FirstDynamicPayload; taken is null && payload <= MaxPayload; payload++) taken = Take((byte)payload);
        return taken;
    }

    private void Add(SdpMedia media, byte payload, IReadOnlyList<AudioCodec> usable, MediaFormats? offered)
    {
        if (!_payloads.Add(payload)) return;
        var parameters = ValueFor(media, "fmtp", payload);
        if (ValueFor(media, "rtpmap", payload) is not { } map)
        {
            if (offered is not null && offered._events.Find(known => known.Payload == payload) is { ClockRate: > 0 } telephoneEvent)
                AddEvent(payload, telephoneEvent.ClockRate, parameters);
            else if (FindUnmapped(payload, usable, offered) is { } known) _codecs.Add(new CodecFormat(payload, known, parameters));
            return;
        }

        var parts = map.Trim().Split('/');
        if (parts.Length is < 2 or > 3 || !AsciiText.TryReadNumber(parts[1], int.MaxValue, out var clockRate)) return;
        var channels = 1;
        if (parts.Length == 3 && !AsciiText.TryReadNumber(parts[2], int.MaxValue, out channels)) return;
        if (usable.FirstOrDefault(codec => codec.IsNamed(parts[0], clockRate, channels)) is { } named) _codecs.Add(new CodecFormat(payload, named, parameters));
        else if (AsciiText.EqualsIgnoreCase(parts[0], "telephone-event")) AddEvent(payload, clockRate, parameters);
    }

    /// <summary>One for each clock; the first counts.</summary>
    private void AddEvent(byte payload, int clockRate, string? parameters)
    {
        if (_events.Exists(known => known.ClockRate == clockRate)) return;
        _events.Add(new EventFormat(payload, clockRate, parameters is null ? DefaultEvents : ReadEvents(parameters)));
    }

    private static AudioCodec? FindUnmapped(byte payload, IReadOnlyList<AudioCodec> usable, MediaFormats? offered) =>
        usable.FirstOrDefault(codec => codec.IsStatic && codec.Payload == payload) ?? offered?._codecs.Find(known => known.Payload == payload).Codec;

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
