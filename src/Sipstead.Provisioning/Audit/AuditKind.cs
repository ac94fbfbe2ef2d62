namespace Sipstead.Provisioning.Audit;

/// <summary>What kind of thing an entry is about. The numbers are stored.</summary>
public enum AuditKind
{
    /// <summary>The account.</summary>
    Account = 0,

    /// <summary>An API user's place in the account; its id is the name.</summary>
    User = 1,

    /// <summary>A realm.</summary>
    Realm = 2,

    /// <summary>A SIP credential.</summary>
    Credential = 3,

    /// <summary>An application.</summary>
    Application = 4,

    /// <summary>A site.</summary>
    Site = 5,

    /// <summary>A location.</summary>
    Location = 6,

    /// <summary>A telephone number, which is its own id.</summary>
    Number = 7,

    /// <summary>A trunk with its routes.</summary>
    Trunk = 8,

    /// <summary>A device's registration.</summary>
    Registration = 9,
}
