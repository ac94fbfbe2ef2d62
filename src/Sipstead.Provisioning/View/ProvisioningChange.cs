namespace Sipstead.Provisioning.View;

/// <summary>What changed in the <see cref="ProvisioningView"/>.</summary>
public enum ProvisioningChangeKind
{
    /// <summary>A realm became ACTIVE: it takes registrations and its names resolve.</summary>
    RealmActivated,

    /// <summary>A realm left the view; bindings under it end (ruling 12).</summary>
    RealmRemoved,

    /// <summary>
    /// A realm is another in lists, or its settings are: it was stored and is pending, its description, algorithms or media encryption
    /// changed, it became or ceased to be the default, or its row is gone.
    /// </summary>
    RealmUpdated,

    /// <summary>A credential was added.</summary>
    CredentialCreated,

    /// <summary>A hash of a credential changed, and its application perhaps too; what it registered ends (ruling 12).</summary>
    CredentialHashesChanged,

    /// <summary>A credential was removed; its bindings end (ruling 12).</summary>
    CredentialRemoved,

    /// <summary>Another application takes the calls of a credential from now on; nothing ends.</summary>
    CredentialApplicationChanged,

    /// <summary>An application was made, changed or removed.</summary>
    ApplicationChanged,

    /// <summary>Sites, locations or telephone numbers of the account changed.</summary>
    LocationsChanged,

    /// <summary>A trunk of the account was made, changed or removed.</summary>
    TrunkChanged,
}

/// <summary>One change, reported after the view holds it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="AccountId">The account that owns the realm or application.</param>
/// <param name="RealmId">The realm, or 0 for a change of an application.</param>
/// <param name="CredentialId">The credential, or 0 for a change of a realm or application.</param>
/// <param name="ApplicationId">The application of <see cref="ProvisioningChangeKind.ApplicationChanged"/>, else empty.</param>
public readonly record struct ProvisioningChange(
    ProvisioningChangeKind Kind, long AccountId, long RealmId, long CredentialId, Guid ApplicationId = default);
