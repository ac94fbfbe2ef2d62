using Sipstead.Media.Codecs;

namespace Sipstead.Media;

/// <summary>Settings of media; configuration section <c>Sipstead:Rtp</c>.</summary>
public sealed record MediaOptions
{
    /// <summary>UDP ports of calls, first and last. Each call takes an even one for RTP and the next for RTCP. Default <c>20000-29999</c>.</summary>
    public string Ports { get; init; } = "20000-29999";

    /// <summary>How long the ports of an ended call are kept from others, so that what is still on its way reaches nobody. Default 2 s.</summary>
    public TimeSpan PortRest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long nothing may come from the party of an answered call, neither RTP nor RTCP, before its media counts as lost; not while it is on hold. Zero
    /// turns that off. Default 60 s.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Codecs that are offered, in this order, and taken: names as in SDP. Default <c>PCMU,PCMA,G722,opus</c>: audio in the server has 8 kHz, so that G.711 is as
    /// good as any where no packets are lost, at a hundredth of the work of Opus; a party that would rather have another one offers it first.
    /// </summary>
    public IReadOnlyList<string> Codecs { get; init; } = ["PCMU", "PCMA", "G722", "opus"];

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (!TryParsePorts(Ports, out _, out _))
            yield return $"Sipstead:Rtp:Ports is \"{Ports}\": give the first and last port from 1024 to 65535, with an even port and the next in it, like 20000-29999.";
        if (PortRest < TimeSpan.Zero || PortRest > TimeSpan.FromMinutes(1))
            yield return $"Sipstead:Rtp:PortRest is {PortRest.TotalSeconds} s: give 0 to 60 seconds.";
        if (Timeout < TimeSpan.Zero || Timeout > TimeSpan.FromDays(1))
            yield return $"Sipstead:Rtp:Timeout is {Timeout.TotalSeconds} s: give 1 to 86400 seconds, or 0 for calls that no silence ends.";
        foreach (var name in Codecs.Where(name => AudioCodec.Find(name) is null))
            yield return $"Sipstead:Rtp:Codecs has \"{name}\": give some of {KnownCodecs}, separated by commas.";
        if (Codecs.Count == 0) yield return $"Sipstead:Rtp:Codecs is empty: give some of {KnownCodecs}, separated by commas.";
        else if (Codecs.All(name => AudioCodec.Find(name) == AudioCodec.Opus) && !OpusLibrary.IsAvailable)
            yield return $"Sipstead:Rtp:Codecs has Opus alone, and {OpusLibrary.Name} is not installed: apt-get install libopus0, or give another codec too.";
    }

    private static string KnownCodecs => string.Join(", ", AudioCodec.All.Select(codec => codec.Name));

    /// <summary>Reads a range of ports.</summary>
    /// <param name="text">First and last port with a hyphen between.</param>
    /// <param name="first">The first even port.</param>
    /// <param name="pairs">How many pairs of an even port and the next there are from there.</param>
    public static bool TryParsePorts(string text, out int first, out int pairs)
    {
        ArgumentNullException.ThrowIfNull(text);
        first = pairs = 0;
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !AsciiText.TryReadNumber(parts[0], ushort.MaxValue, out first)) return false;
        if (!AsciiText.TryReadNumber(parts[1], ushort.MaxValue, out var last) || first < 1024) return false;
        first += first % 2;
        pairs = (last - first + 1) / 2;
        return pairs > 0;
    }
}
