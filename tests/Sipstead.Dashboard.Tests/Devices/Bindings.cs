using System.Net;
using Sipstead.Dashboard.Devices;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Tests.Devices;

/// <summary>Registrations and attempts of phones at 192.0.2.7.</summary>
internal static class Bindings
{
    public const string Source = "192.0.2.7:5060";

    public static readonly DateTimeOffset Start = new(2026, 7, 30, 12, 0, 0, TimeSpan.Zero);

    public static TransportAddress Address(string text) => new(IPEndPoint.Parse(text));

    public static Binding Of(
        long id, long credentialId = 7, long realmId = 1, string contact = "sip:alice@192.0.2.7:5060", string source = Source,
        SipTransport transport = SipTransport.Udp, bool reachable = true, string userAgent = "Phone/1.0", int expiresIn = 600) => new(
        id, realmId, credentialId, contact, new SipFlow(transport, Address(source), Address("198.51.100.1:5060"), 0), reachable, expiresIn, null, userAgent,
        "call", 1, null, null, Start);

    public static Device Device(Binding binding, string userName = "alice") => new(binding, userName, "office.example");

    public static RegistrationAttempt Attempt(
        long number, RegistrationOutcome outcome, string userName = "alice", string source = Source, string userAgent = "Phone/1.0", long credentialId = 7) => new(
        number, Start.AddSeconds(number), 1, credentialId, userName, Address(source), SipTransport.Udp, userAgent, "<sip:alice@192.0.2.7>", outcome);
}
