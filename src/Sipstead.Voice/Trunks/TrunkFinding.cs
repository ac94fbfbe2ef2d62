namespace Sipstead.Voice.Trunks;

/// <summary>What one check of a trunk found.</summary>
/// <param name="Outcome">What it is counted as.</param>
/// <param name="Answer">Status code of the answer, or null.</param>
/// <param name="RoundTrip">How long the answer took, or null.</param>
/// <param name="Reason">Why it failed, in words; null when it did not.</param>
internal sealed record TrunkFinding(TrunkCheckOutcome Outcome, int? Answer = null, TimeSpan? RoundTrip = null, string? Reason = null)
{
    /// <summary>True when somebody answered who is able to serve: whatever the answer says of OPTIONS, the far end lives.</summary>
    public bool IsAlive => Outcome == TrunkCheckOutcome.Answered;
}

/// <summary>What checks are counted by.</summary>
internal enum TrunkCheckOutcome
{
    /// <summary>There was a final answer other than 503 and 408.</summary>
    Answered,

    /// <summary>The answer was 503 or 408, or the pause that a 503 asked for is not over.</summary>
    Unavailable,

    /// <summary>Nobody answered in time.</summary>
    Silent,

    /// <summary>There is no way to the address.</summary>
    Unreachable,

    /// <summary>The host leads to no address, or to none that may be sent to.</summary>
    NotLocated,
}
