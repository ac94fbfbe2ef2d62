using System.Globalization;
using System.Net;
using ARSoft.Tools.Net;

namespace Sipstead.Dns;

/// <summary>A host that the SRV records of all realms lead to (RFC 2782).</summary>
/// <param name="Host">Its name in lower case, without the last dot.</param>
/// <param name="Addresses">Its addresses; empty for those that the server itself is told to have.</param>
/// <param name="IsInZone">Whether our zone has its addresses.</param>
internal sealed record SipTarget(string Host, ushort Priority, ushort Weight, IReadOnlyList<IPAddress> Addresses, bool IsInZone)
{
    /// <summary>What Bandwidth's records have.</summary>
    public const ushort DefaultPriority = 5;

    /// <inheritdoc cref="DefaultPriority"/>
    public const ushort DefaultWeight = 50;

    private const int MaximumAddresses = 8;

    public DomainName Name { get; } = DomainName.Parse(Host);

    /// <summary>
    /// Reads <c>host priority weight [address ...]</c>. A host without a dot lies in the zone, and so does one that ends in the apex; any other has its
    /// addresses elsewhere.
    /// </summary>
    /// <param name="problem">What is wrong, when false is returned.</param>
    public static bool TryParse(string text, string apex, out SipTarget target, out string problem)
    {
        target = null!;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3 || !TryReadNumber(parts[1], out var priority) || !TryReadNumber(parts[2], out var weight))
        {
            problem = "write a host, a priority and a weight (0 to 65535 each), such as sip1 5 50 203.0.113.1";
            return false;
        }

        var host = ZoneName.Fold(parts[0].TrimEnd('.'));
        if (!host.Contains('.', StringComparison.Ordinal)) host = $"{host}.{apex}";
        var isInZone = host.EndsWith("." + apex, StringComparison.Ordinal);
        var addresses = new List<IPAddress>();
        problem = ZoneName.Problem(host) ?? ReadAddresses(parts.AsSpan(3), addresses) ?? "";
        if (problem.Length > 0) return false;
        if (isInZone && ZoneName.Parent(host) != apex) problem = $"a host of the zone lies right below {apex}";
        else if (!isInZone && addresses.Count > 0) problem = $"it does not lie below {apex}, so its addresses are not ours to give";
        target = new SipTarget(host, priority, weight, addresses, isInZone);
        return problem.Length == 0;
    }

    private static bool TryReadNumber(string text, out ushort number) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string? ReadAddresses(ReadOnlySpan<string> texts, List<IPAddress> addresses)
    {
        if (texts.Length > MaximumAddresses) return $"it has {texts.Length} addresses; give at most {MaximumAddresses}";
        foreach (var text in texts)
        {
            if (!IPAddress.TryParse(text, out var address)) return $"\"{text}\" is not an IP address";
            if (!addresses.Contains(address)) addresses.Add(address);
        }

        return null;
    }
}
