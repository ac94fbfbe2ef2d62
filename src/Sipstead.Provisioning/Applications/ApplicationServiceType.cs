namespace Sipstead.Provisioning.Applications;

/// <summary>What an application is for (contract 7).</summary>
public enum ApplicationServiceType
{
    /// <summary>Voice-V2: its callbacks answer calls with BXML.</summary>
    Voice = 1,

    /// <summary>Messaging-V2: stored and shown, for the sake of setup scripts; no message is ever sent.</summary>
    Messaging = 2,
}
