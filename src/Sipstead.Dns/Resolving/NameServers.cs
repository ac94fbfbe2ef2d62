using System.Net;
using System.Net.NetworkInformation;

namespace Sipstead.Dns.Resolving;

/// <summary>The name servers that this machine is set up with.</summary>
internal static class NameServers
{
    internal const int DnsPort = 53;

    /// <summary>Servers asked for one name; more would take longer than anybody waits.</summary>
    private const int Maximum = 3;

    /// <summary>The first three; empty when there are none or the system does not tell.</summary>
    public static IReadOnlyList<IPAddress> OfSystem()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().DnsAddresses).Distinct().Take(Maximum)];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    /// <summary>Reads <c>192.0.2.1</c>, <c>192.0.2.1:8053</c> or <c>[2001:db8::1]:53</c>.</summary>
    public static bool TryParse(string text, out IPEndPoint server)
    {
        server = new IPEndPoint(IPAddress.None, 0);
        if (!IPEndPoint.TryParse(text, out var parsed) || !text.AsSpan().ContainsAny('.', ':')) return false;
        server = parsed.Port == 0 ? new IPEndPoint(parsed.Address, DnsPort) : parsed;
        return true;
    }
}
