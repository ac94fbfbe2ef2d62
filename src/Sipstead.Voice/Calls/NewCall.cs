using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Detection;

namespace Sipstead.Voice.Calls;

/// <summary>A valid wish for an outbound call (voice-api.md 4.1).</summary>
internal sealed record NewCall
{
    public required long AccountId { get; init; }

    public required string ApplicationId { get; init; }

    public required string To { get; init; }

    public required string From { get; init; }

    public required CallTargets Callbacks { get; init; }

    public required string BaseUrl { get; init; }

    /// <summary>How long it may ring.</summary>
    public required TimeSpan CallTimeout { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Hides the number from the callee.</summary>
    public bool Privacy { get; init; }

    /// <summary>Values of User-To-User headers.</summary>
    public IReadOnlyList<string> UserToUser { get; init; } = [];

    /// <summary>What the INVITE said that this call passes on to somebody else; null for a call of its own.</summary>
    public InviteHeaders? PassedOn { get; init; }

    /// <summary>The call that a Transfer or Forward makes this one for; null for a call of its own.</summary>
    public ParentCall? Parent { get; init; }

    /// <summary>1 (first) to 5.</summary>
    public int Priority { get; init; } = 5;

    public string? Tag { get; init; }

    /// <summary>Whether to find out what answers; null for not.</summary>
    public MachineDetection? MachineDetection { get; init; }

    /// <summary>The document that it begins with; null to ask the application for it.</summary>
    public GivenBxml? Bxml { get; init; }
}

/// <summary>The call that another is made for.</summary>
/// <param name="TraceNumber">Its number in the SIP trace, where the two stand as one.</param>
/// <param name="CallerId">Whom the target is shown, in the words of the API.</param>
internal sealed record ParentCall(CallState State, long TraceNumber, string CallerId);
