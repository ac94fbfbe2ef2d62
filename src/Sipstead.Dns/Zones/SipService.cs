namespace Sipstead.Dns;

/// <summary>One SRV record of a realm (RFC 2782): a transport and the port on which it is served.</summary>
/// <param name="Service">The service label, such as <c>_sip</c> or <c>_sips</c>.</param>
/// <param name="Protocol">The protocol label, such as <c>_udp</c> or <c>_tcp</c>.</param>
/// <param name="Port">The port, or 0 for a transport that is off; its SRV record then has the target <c>.</c>.</param>
public sealed record SipService(string Service, string Protocol, int Port);
