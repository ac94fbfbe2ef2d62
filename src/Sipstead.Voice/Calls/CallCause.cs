using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>Why a call ended, in the words of the API (webhooks.md 4), and what SIP makes of it. The table stands in docs/calls.md.</summary>
internal static class CallCause
{
    public const string Hangup = "hangup";
    public const string Busy = "busy";
    public const string Timeout = "timeout";
    public const string Cancel = "cancel";
    public const string Rejected = "rejected";
    public const string CallbackError = "callback-error";
    public const string InvalidBxml = "invalid-bxml";
    public const string ApplicationError = "application-error";
    public const string AccountLimit = "account-limit";
    public const string NodeCapacityExceeded = "node-capacity-exceeded";
    public const string Error = "error";

    /// <summary>The cause for the final answer of a device to our INVITE.</summary>
    public static string Of(int status) => status switch
    {
        486 or 600 => Busy,
        408 or 480 => Timeout,
        487 => Cancel,
        404 or 410 or 484 or 604 => Error,
        >= 500 and < 600 => Error,
        _ => Rejected,
    };

    /// <summary>The cause for the end of a session that was answered.</summary>
    public static string Of(SessionEnd end) => end == SessionEnd.Bye ? Hangup : Error;

    /// <summary>Words for its <c>errorMessage</c>; null where the cause says it all.</summary>
    public static string? Explain(SessionEnd end) => end switch
    {
        SessionEnd.Bye => null,
        SessionEnd.NoAck => "The device never confirmed the call",
        SessionEnd.Expired => "The device let the call expire",
        _ => "The connection to the device was lost",
    };

    /// <summary>Words for <c>errorMessage</c>; null where the cause says it all.</summary>
    public static string? Explain(int status, string reason) => Of(status) switch
    {
        Busy => "Callee is busy",
        Timeout => "Callee did not answer",
        Rejected => $"Callee refused the call: {status} {reason}",
        Error => $"The device could not take the call: {status} {reason}",
        _ => null,
    };

    /// <summary>The status that an inbound call gets when it ends before it was answered.</summary>
    public static int StatusOf(string cause) => cause switch
    {
        Hangup or Cancel or Rejected => 603,
        Busy => 486,
        AccountLimit or NodeCapacityExceeded => 503,
        _ => 480,
    };
}
