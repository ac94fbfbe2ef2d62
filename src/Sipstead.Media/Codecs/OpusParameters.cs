namespace Sipstead.Media.Codecs;

/// <summary>What a party's fmtp wants of Opus that we send (RFC 7587 6.1). What cannot be read counts as not there.</summary>
/// <param name="Bitrate">Bits a second on average.</param>
/// <param name="UsesFec">True when it makes use of in-band forward error correction.</param>
/// <param name="IsConstant">True when each packet shall be as long as the others.</param>
internal readonly record struct OpusParameters(int Bitrate, bool UsesFec, bool IsConstant)
{
    /// <summary>What we say: our audio has 8 kHz, so that more would be in vain; lost packets are made up from those that follow.</summary>
    public const string Ours = "maxplaybackrate=8000;useinbandfec=1";

    /// <summary>Enough for speech at 8 kHz with a second, coarser copy of it in the packet that follows.</summary>
    private const int DefaultBitrate = 24_000;

    /// <summary>Below that, nobody is understood (RFC 7587 3.1.1).</summary>
    private const int MinBitrate = 6_000;

    /// <summary>Reads an fmtp value; null is none.</summary>
    public static OpusParameters Read(string? parameters)
    {
        var read = new OpusParameters(DefaultBitrate, false, false);
        foreach (var range in parameters.AsSpan().Split(';'))
        {
            var item = parameters.AsSpan()[range].Trim();
            var sign = item.IndexOf('=');
            if (sign < 0 || !AsciiText.TryReadNumber(item[(sign + 1)..].Trim(), int.MaxValue, out var value)) continue;
            var name = item[..sign].Trim();
            if (AsciiText.EqualsIgnoreCase(name, "useinbandfec")) read = read with { UsesFec = value == 1 };
            else if (AsciiText.EqualsIgnoreCase(name, "cbr")) read = read with { IsConstant = value == 1 };
            else if (AsciiText.EqualsIgnoreCase(name, "maxaveragebitrate")) read = read with { Bitrate = Math.Clamp(value, MinBitrate, DefaultBitrate) };
        }

        return read;
    }
}
