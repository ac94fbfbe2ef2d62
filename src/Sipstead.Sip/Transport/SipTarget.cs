namespace Sipstead.Sip.Transport;

/// <summary>One place that a request may be sent to, as RFC 3263 found it.</summary>
/// <param name="Host">The name or address that was asked for: what the certificate of a TLS peer must stand for (RFC 5922).</param>
public readonly record struct SipTarget(SipTransport Transport, TransportAddress Address, string Host);
