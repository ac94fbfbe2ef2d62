using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Connecting;

/// <summary>Which Diversion headers a call that is sent on carries (RFC 5806, bxml.md 7.1).</summary>
internal enum DiversionTreatment
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that it came with.</summary>
    Propagate,

    /// <summary>Those that it came with, and before them one of whom the caller wanted.</summary>
    Stack,
}

/// <summary>Whom a Transfer or Forward rings, and how (bxml.md 7.1, 7.2).</summary>
internal sealed record TransferPlan
{
    /// <summary>1 to 8; all ring together.</summary>
    public required IReadOnlyList<TransferTarget> Targets { get; init; }

    /// <summary>The caller that the targets are shown: a number, or one of <see cref="HiddenCaller.Words"/>; null for the other party of the call.</summary>
    public string? CallerId { get; init; }

    public string? CallerDisplayName { get; init; }

    /// <summary>How long each may ring.</summary>
    public required TimeSpan CallTimeout { get; init; }

    public DiversionTreatment Diversion { get; init; }

    /// <summary>Reason of the Diversion that is added.</summary>
    public string DiversionReason { get; init; } = "unknown";
}

/// <summary>One that a Transfer rings.</summary>
/// <param name="To">A telephone number (E.164) or SIP URI.</param>
/// <param name="Answer">What is asked when it answers; null to connect it at once.</param>
/// <param name="Disconnect">What is told when its call ends; null for nothing.</param>
/// <param name="Tag">Of its webhooks.</param>
/// <param name="UserToUser">Values of User-To-User headers.</param>
internal sealed record TransferTarget(
    string To, CallbackTargets? Answer = null, WebhookTarget? Disconnect = null, string? Tag = null, IReadOnlyList<string>? UserToUser = null);

/// <summary>What came of a Transfer whose call goes on.</summary>
/// <param name="CallerId">Whom the target was shown.</param>
/// <param name="To">The target that answered; when none did, the one whose end tells most.</param>
/// <param name="Cause">Why its call ended (webhooks.md 4).</param>
internal sealed record TransferEnd(string CallerId, string To, string Cause, string? ErrorMessage, string? ErrorId);
