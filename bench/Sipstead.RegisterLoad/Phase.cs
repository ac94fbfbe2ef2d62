using System.Globalization;

namespace Sipstead.RegisterLoad;

/// <summary>What the devices do for a while. <c>Once</c>: each registers once; <c>Refresh</c>: they go on using their nonces; <c>Fresh</c>: each registration is challenged.</summary>
internal enum Mode
{
    Once,
    Refresh,
    Fresh,
}

/// <summary>
/// A mode for some seconds, as fast as the server answers (closed loop, rate 0) or at a rate (open loop): so many a second, or as a multiple of what the last
/// closed loop reached.
/// </summary>
internal readonly record struct Phase(Mode Mode, double Seconds, double Rate, bool IsRelative)
{
    private const double Unlimited = 3600;

    /// <summary>Reads <c>once</c>, <c>refresh:10</c>, <c>fresh:10@50000</c> or <c>refresh:10@x0.5</c>.</summary>
    public static bool TryParse(string text, out Phase phase)
    {
        phase = default;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var relative = at >= 0 && text.AsSpan(at + 1).StartsWith("x");
        double rate = 0;
        if (at >= 0 && !TryReadPositive(text[(relative ? at + 2 : at + 1)..], out rate)) return false;
        var parts = (at < 0 ? text : text[..at]).Split(':');
        if (!Enum.TryParse<Mode>(parts[0], ignoreCase: true, out var mode) || !Enum.IsDefined(mode)) return false;
        var seconds = Unlimited;
        if (mode == Mode.Once ? parts.Length != 1 || at >= 0 : parts.Length != 2 || !TryReadPositive(parts[1], out seconds)) return false;
        phase = new Phase(mode, seconds, rate, relative);
        return true;
    }

    /// <summary>Registrations a second that are begun, 0 in the closed loop.</summary>
    /// <param name="top">What the last closed loop reached.</param>
    public double RateFrom(double top) => IsRelative ? Rate * top : Rate;

    private static bool TryReadPositive(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value > 0;
}
