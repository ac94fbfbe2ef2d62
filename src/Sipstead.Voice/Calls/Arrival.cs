using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>How a call came in.</summary>
/// <param name="Brought">What of its INVITE goes further.</param>
/// <param name="Trunk">Name of the trunk that it came in by; null for a device's.</param>
internal sealed record Arrival(InboundSession Session, InviteHeaders Brought, string? Trunk = null);
