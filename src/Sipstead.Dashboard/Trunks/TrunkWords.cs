using System.Globalization;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Dashboard.Trunks;

/// <summary>Trunks in words.</summary>
internal static class TrunkWords
{
    /// <summary>Where calls go, such as <c>sip.carrier.example:5061 over TLS</c>.</summary>
    public static string TargetOf(TrunkDetails trunk)
    {
        var host = trunk.Port is null ? trunk.Host : trunk.Host.Contains(':', StringComparison.Ordinal) ? $"[{trunk.Host}]" : trunk.Host;
        var port = trunk.Port is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
        return trunk.Transport is { } transport ? $"{host}{port} over {TransportOf(transport)}" : host + port;
    }

    public static string TransportOf(TrunkTransport? transport) => transport?.ToString().ToUpperInvariant() ?? "As DNS says";

    /// <summary>The state in a word or two.</summary>
    /// <param name="isEnabled">Whether the trunk is in use.</param>
    /// <param name="health">What is known; null when it is not checked.</param>
    public static string StateOf(bool isEnabled, TrunkHealth? health) => health?.State switch
    {
        TrunkState.Up => "Up",
        TrunkState.Down => "Down",
        TrunkState.Unknown => "Not known yet",
        _ => isEnabled ? "Not checked" : "Disabled",
    };

    /// <summary>What the last check found; null when there is nothing to tell.</summary>
    public static string? FindingOf(TrunkHealth? health)
    {
        if (health?.Reason is { } reason) return health.State == TrunkState.Up ? $"last check failed: {reason}" : reason;
        return health?.Answer is { } answer
            ? string.Create(CultureInfo.InvariantCulture, $"answered {answer} in {Math.Max(1, Math.Round(health.RoundTrip?.TotalMilliseconds ?? 0))} ms")
            : null;
    }

    /// <summary>Patterns in a line; the first ones when there are many.</summary>
    public static string PatternsOf(IReadOnlyList<string> patterns, string none)
    {
        const int Shown = 3;
        if (patterns.Count == 0) return none;
        var more = patterns.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {patterns.Count - Shown} more") : "";
        return string.Join(", ", patterns.Take(Shown)) + more;
    }
}
