namespace Sipstead.Provisioning.Trunks;

/// <summary>Whether the far end of a trunk answers.</summary>
public enum TrunkState
{
    /// <summary>Nothing is known yet.</summary>
    Unknown,

    /// <summary>It answered the last OPTIONS, or has missed too few since.</summary>
    Up,

    /// <summary>It missed several in a row.</summary>
    Down,
}

/// <summary>What the last checks of a trunk found.</summary>
/// <param name="Since">When the state began.</param>
/// <param name="CheckedAt">When the last check ended; null before the first.</param>
/// <param name="Answer">Status code of the last answer; null when the last check got none.</param>
/// <param name="RoundTrip">How long that answer took; null when there was none.</param>
/// <param name="Reason">Why the last check failed, in words; null when it did not.</param>
public sealed record TrunkHealth(
    TrunkState State, DateTimeOffset Since, DateTimeOffset? CheckedAt = null, int? Answer = null, TimeSpan? RoundTrip = null, string? Reason = null);

/// <summary>Tells whether trunks live. Reads never wait.</summary>
public interface ITrunkHealth
{
    /// <summary>The health of a trunk; null when it is not checked: it is disabled or gone, or checks are switched off.</summary>
    TrunkHealth? Of(long trunkId);

    /// <summary>Raised with the id of a trunk that has just been checked. Handlers must be quick.</summary>
    event Action<long>? Checked;
}
