using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using Sipstead.Dns.Inspection;
using Sipstead.Provisioning.Realms;
using Sipstead.Registrar;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Doctor;

/// <summary>Gathers what the findings of a realm are made of.</summary>
internal sealed class ConnectionDoctor(
    ConnectionSettings settings, ZoneInspector zone, SystemLookup lookup, ZoneProbe probe, SipTransportLayer sip, RegistrarService registrar)
{
    /// <summary>Devices that are looked at: enough to see what is wrong.</summary>
    private const int MaximumDevices = 500;

    /// <summary>The facts but for what resolver and name servers answer.</summary>
    public ConnectionFacts Examine(RealmDetails realm, int sipPort) => new()
    {
        Settings = settings, SipPort = sipPort, OpenPorts = sip.OpenPorts, Zone = zone.RecordsOf(realm.Fqdn),
        LocalAddresses = LocalAddresses(), Devices = [.. registrar.FindInRealm(realm.Id, 1, MaximumDevices).Select(Seen)],
        IsInContainer = File.Exists("/.dockerenv") || File.Exists("/run/.containerenv"),
    };

    /// <summary>The facts with what resolver and name servers answer: takes a few seconds at most.</summary>
    public async Task<ConnectionFacts> AskAsync(RealmDetails realm, int sipPort, CancellationToken cancellationToken)
    {
        var (system, check) = (lookup.FindServiceAsync(realm.Fqdn, cancellationToken), probe.RunAsync(realm.Fqdn, cancellationToken));
        await Task.WhenAll(system, check);
        return Examine(realm, sipPort) with { System = await system, Check = await check };
    }

    /// <summary>The zone file of the realm that was examined.</summary>
    public string ZoneFileOf(ConnectionFacts facts) => zone.FileOf(facts.Zone);

    private static IReadOnlyList<IPAddress> LocalAddresses()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces().Where(one => one.OperationalStatus == OperationalStatus.Up)
                    .SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address).Where(address => !address.IsIPv6LinkLocal),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static SeenDevice Seen(Binding binding)
    {
        var source = binding.Flow.Source;
        var isSame = SipUri.TryParse(Encoding.UTF8.GetBytes(binding.Contact), out var uri) && TransportAddress.TryParseHost(uri.Host, source.Port, out var host)
            && host.Bits == source.Bits;
        return new SeenDevice(source.ToIPAddress(), !isSame);
    }
}
