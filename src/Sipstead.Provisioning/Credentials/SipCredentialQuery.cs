namespace Sipstead.Provisioning.Credentials;

/// <summary>Which credentials of a realm or account a list shall hold (contract 5.3).</summary>
public sealed record SipCredentialQuery
{
    /// <summary>The id to begin at. Default 1.</summary>
    public long FirstId { get; init; } = 1;

    /// <summary>The user name to begin at instead, or null.</summary>
    public string? FirstUserName { get; init; }

    /// <summary>The most entries. Default 500.</summary>
    public int Size { get; init; } = 500;

    /// <summary>Only user names that contain it, in any case; null for all.</summary>
    public string? UserNameFragment { get; init; }

    /// <summary>Only names whose part behind <c>@</c> contains it, in any case; null for all. For lists of accounts.</summary>
    public string? DomainFragment { get; init; }

    /// <summary>Only credentials whose voice application's name contains it; null for all.</summary>
    public string? ApplicationNameFragment { get; init; }

    /// <summary>Only if the realm's fully qualified name contains it, in any case; null for all.</summary>
    public string? RealmFragment { get; init; }
}
