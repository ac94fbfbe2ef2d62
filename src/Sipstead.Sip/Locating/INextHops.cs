using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>Finds the way to the next hop within a dialog, where the far end's route set or Contact leads elsewhere than the INVITE went.</summary>
public interface INextHops
{
    /// <summary>The way to a hop; null when there is none, or none that may be taken. Never throws, and takes a few seconds at most.</summary>
    /// <param name="seen">The way that the far end was seen on.</param>
    Task<SipFlow?> FindAsync(SipDestination hop, SipFlow seen);
}
