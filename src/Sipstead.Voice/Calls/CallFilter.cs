namespace Sipstead.Voice.Calls;

/// <summary>Which calls a person looks for. Null: all.</summary>
public sealed record CallFilter
{
    /// <summary>True for calls that have not ended, false for ended ones.</summary>
    public bool? IsLive { get; init; }

    /// <summary>Part of <see cref="CallState.To"/> or <see cref="CallState.From"/>, in any case; empty as null.</summary>
    public string? Address { get; init; }

    /// <summary>Such as <c>busy</c>.</summary>
    public string? Cause { get; init; }

    internal bool Matches(CallState call) =>
        (IsLive is null || IsLive == (call.Phase != CallPhase.Disconnected))
        && (Cause is null || Cause == call.DisconnectCause)
        && (string.IsNullOrEmpty(Address)
            || call.To.Contains(Address, StringComparison.OrdinalIgnoreCase)
            || call.From.Contains(Address, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A page of calls, newest first.</summary>
/// <param name="Next">What <see cref="CallDirectory.List"/> takes for the next page; null behind the last one.</param>
public sealed record CallPage(IReadOnlyList<CallState> Calls, long? Next);
