namespace Sipstead.Provisioning.Realms;

/// <summary>What a search of realms is ordered by.</summary>
public enum RealmSort
{
    /// <summary>The name.</summary>
    Name,

    /// <summary>How many credentials the realm has, then the name.</summary>
    Credentials,

    /// <summary>The account's default realm, then the others by name.</summary>
    DefaultFirst,
}

/// <summary>Which realms of an account a table or a choice shall show, and in which order.</summary>
public sealed record RealmSearch
{
    /// <summary>The most rows of one page.</summary>
    public const int MaximumTake = 1000;

    /// <summary>Only realms whose fully qualified name contains it, in any case; null or empty for all.</summary>
    public string? Text { get; init; }

    /// <summary>The order. Default by name.</summary>
    public RealmSort Sort { get; init; }

    /// <summary>Whether the order is turned round.</summary>
    public bool Descending { get; init; }

    /// <summary>How many to leave out at the beginning; less than 0 counts as 0. Default 0.</summary>
    public int Skip { get; init; }

    /// <summary>The most rows: 0 (the total alone) to <see cref="MaximumTake"/>, others count as the nearest of these. Default 25.</summary>
    public int Take { get; init; } = 25;
}
