namespace Sipstead.Sip.Transport;

/// <summary>
/// The way a message came, and the way back: transport, the peer's address as observed, our address that it was sent to, and for streams the connection.
/// Requests to a binding go over its flow (ruling 9).
/// </summary>
/// <param name="ConnectionId">Number of the connection, unique in this process; 0 for UDP.</param>
public readonly record struct SipFlow(SipTransport Transport, TransportAddress Source, TransportAddress Local, long ConnectionId);
