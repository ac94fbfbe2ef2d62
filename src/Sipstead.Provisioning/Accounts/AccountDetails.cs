namespace Sipstead.Provisioning.Accounts;

/// <summary>An account.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Hex">The six digits in the names of its realms.</param>
/// <param name="SipPort">Its SIP port (ruling 15).</param>
/// <param name="SipEnabled">Whether it may have realms; else 33004.</param>
public sealed record AccountDetails(long Id, string Hex, int SipPort, bool SipEnabled);
