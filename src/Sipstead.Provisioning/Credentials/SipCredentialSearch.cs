namespace Sipstead.Provisioning.Credentials;

/// <summary>What a search of credentials is ordered by. Within a realm or application the order is by user name.</summary>
public enum SipCredentialSort
{
    /// <summary>The user name, without regard to case.</summary>
    UserName,

    /// <summary>The realm's fully qualified name.</summary>
    Realm,

    /// <summary>The application's name, without regard to case; none comes first.</summary>
    Application,

    /// <summary>The id: the order of creation.</summary>
    Id,
}

/// <summary>Which credentials of an account a table shall show, and in which order.</summary>
public sealed record SipCredentialSearch
{
    /// <summary>The most rows of one page.</summary>
    public const int MaximumTake = 1000;

    /// <summary>Only credentials of this realm; null for all.</summary>
    public long? RealmId { get; init; }

    /// <summary>Only user names that contain it, in any case; null or empty for all.</summary>
    public string? Text { get; init; }

    /// <summary>Only credentials whose calls this application takes; null for all.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The order. Default by user name.</summary>
    public SipCredentialSort Sort { get; init; }

    /// <summary>Whether the order is turned round.</summary>
    public bool Descending { get; init; }

    /// <summary>How many to leave out at the beginning; less than 0 counts as 0. Default 0.</summary>
    public int Skip { get; init; }

    /// <summary>
    /// The most rows: 0 (the total alone) to <see cref="MaximumTake"/>, others count as the nearest of these. Default 25.
    /// </summary>
    public int Take { get; init; } = 25;
}
