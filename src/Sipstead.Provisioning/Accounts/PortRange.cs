using System.Globalization;

namespace Sipstead.Provisioning.Accounts;

/// <summary>A range of ports, both ends included.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    /// <summary>Reads <c>5100-5999</c> or a single port.</summary>
    public static bool TryParse(string? text, out PortRange range)
    {
        range = default;
        if (text is null) return false;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? text : text[..dash];
        var last = dash < 0 ? text : text[(dash + 1)..];
        if (!TryParsePort(first, out var from) || !TryParsePort(last, out var to) || from > to) return false;
        range = new PortRange(from, to);
        return true;
    }

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
