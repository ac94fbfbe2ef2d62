using System.Text;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Devices;

/// <summary>Whether a device's packets come from another address than it believes to have.</summary>
public enum NatFinding
{
    /// <summary>The Contact has the address that the packets come from.</summary>
    None,

    /// <summary>The Contact has another address, or over UDP another port: something on the way translates.</summary>
    Seen,

    /// <summary>The Contact has a name, which tells nothing.</summary>
    Unknown,
}

/// <summary>Compares the Contact of a binding with where it came from.</summary>
internal static class NatFindings
{
    private const int DefaultPort = 5060;

    /// <summary>What a binding shows. Over streams the source port is the connection's, and tells nothing.</summary>
    public static NatFinding Of(Binding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        if (!SipUri.TryParse(Encoding.UTF8.GetBytes(binding.Contact), out var uri) || !uri.IsSip) return NatFinding.Unknown;
        var port = uri.Port < 0 ? DefaultPort : uri.Port;
        if (!TransportAddress.TryParseHost(uri.Host, port, out var contact)) return NatFinding.Unknown;
        var source = binding.Flow.Source;
        var isSame = contact.Bits == source.Bits && (binding.Flow.Transport.IsStream() || contact.Port == source.Port);
        return isSame ? NatFinding.None : NatFinding.Seen;
    }
}
