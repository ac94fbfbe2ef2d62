namespace Sipstead.Provisioning.Realms;

/// <summary>The life of a realm (contract 4.1).</summary>
public enum RealmStatus
{
    /// <summary>Stored; not yet visible to SIP and DNS.</summary>
    CreatePending = 1,

    /// <summary>In service; takes credentials.</summary>
    Active = 2,

    /// <summary>Out of service; its row goes next.</summary>
    DeletePending = 3,
}
