using System.Globalization;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Trace;

/// <summary>A vertical line of a ladder: this server, one peer, or all peers that have no line of their own.</summary>
/// <param name="Name">What stands above it: an address with its port, or words.</param>
/// <param name="Detail">What stands below the name: the transport, or our address.</param>
internal sealed record LadderColumn(string Name, string Detail)
{
    /// <summary>This server, by the one address that it used.</summary>
    public static LadderColumn OfServer(IReadOnlyCollection<TransportAddress> locals) =>
        new("This server", locals.Count == 1 ? locals.First().ToString() : string.Create(CultureInfo.InvariantCulture, $"{locals.Count} addresses"));

    public static LadderColumn OfPeer(LadderPeer peer) => new(peer.Address.ToString(), peer.Transport.Token());

    /// <summary>All peers without a line of their own.</summary>
    public static LadderColumn OfOthers(int count) => new("Others", string.Create(CultureInfo.InvariantCulture, $"{count} addresses"));
}

/// <summary>Somebody whom this server exchanged messages with.</summary>
internal readonly record struct LadderPeer(TransportAddress Address, SipTransport Transport);
