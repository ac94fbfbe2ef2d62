using System.Net;

namespace Sipstead.Sip.Transport;

/// <summary>Settings of the SIP transports; configuration section <c>Sipstead:Sip</c>.</summary>
public sealed record SipOptions
{
    /// <summary>IP addresses to listen on, separated by commas; IPv6 in brackets. Default <c>0.0.0.0,[::]</c>.</summary>
    public string Address { get; init; } = "0.0.0.0,[::]";

    /// <summary>UDP and TCP port of the first account. Default 5060.</summary>
    public int Port { get; init; } = 5060;

    /// <summary>TLS port of all accounts on every <see cref="Address"/>; 0 turns TLS off. Default 5061.</summary>
    public int TlsPort { get; init; } = 5061;

    /// <summary>Receiving threads, each with its own UDP socket, for each address of <see cref="Port"/>. Default 1; more help only with more cores.</summary>
    public int UdpThreads { get; init; } = 1;

    /// <summary>Open TCP and TLS connections in all; a tenth is for those with a binding or call. Default 10,000; each costs a file descriptor.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Open TCP and TLS connections from one address; loopback is exempt. Default 1,000, so that offices behind one NAT fit.</summary>
    public int MaxConnectionsPerSource { get; init; } = 1_000;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (!TryParseAddresses(Address, out _))
            yield return $"Sipstead:Sip:Address is \"{Address}\": give IP addresses separated by commas, IPv6 in brackets, like 0.0.0.0,[::].";
        if (Port is < 0 or > 65535) yield return $"Sipstead:Sip:Port is {Port}: give a port from 1 to 65535.";
        if (TlsPort is < 0 or > 65535) yield return $"Sipstead:Sip:TlsPort is {TlsPort}: give a port from 1 to 65535, or 0 to turn TLS off.";
        if (TlsPort != 0 && TlsPort == Port) yield return $"Sipstead:Sip:TlsPort is {TlsPort}, the port of UDP and TCP: give TLS a port of its own, or 0 to turn it off.";
        if (UdpThreads is < 1 or > 64) yield return $"Sipstead:Sip:UdpThreads is {UdpThreads}: give 1 to 64.";
        if (MaxConnections < 1) yield return $"Sipstead:Sip:MaxConnections is {MaxConnections}: give at least 1.";
        if (MaxConnectionsPerSource < 1) yield return $"Sipstead:Sip:MaxConnectionsPerSource is {MaxConnectionsPerSource}: give at least 1.";
    }

    /// <summary>Reads a list of addresses.</summary>
    public static bool TryParseAddresses(string text, out IReadOnlyList<IPAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(text);
        var list = new List<IPAddress>();
        addresses = list;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPAddress.TryParse(part.Trim('[', ']'), out var address)) return false;
            list.Add(address);
        }

        return list.Count > 0;
    }
}
