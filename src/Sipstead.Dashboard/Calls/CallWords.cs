using System.Globalization;
using MudBlazor;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Dashboard.Calls;

/// <summary>The words and colours of calls.</summary>
internal static class CallWords
{
    /// <summary>Causes that a call can end with, as the API names them (webhooks.md 4).</summary>
    public static IReadOnlyList<string> Causes { get; } =
    [
        "hangup", "busy", "timeout", "cancel", "rejected", "callback-error", "invalid-bxml", "application-error", "account-limit",
        "node-capacity-exceeded", "error",
    ];

    public static string Of(CallPhase phase) => phase switch
    {
        CallPhase.Queued => "queued", CallPhase.Initiated => "initiated", CallPhase.Answered => "answered", _ => "disconnected",
    };

    /// <summary>Who calls: of a call that a Transfer made, whom its party is shown.</summary>
    public static string FromOf(CallState call) => call.Transfer?.CallerId ?? call.From;

    /// <summary>Who is called: of a call that a Transfer made, its own party.</summary>
    public static string ToOf(CallState call) => call.Transfer?.To ?? call.To;

    /// <summary>What a list tells of a call: its state, or how it ended.</summary>
    public static string StateOf(CallState call) => call.Phase == CallPhase.Disconnected ? call.DisconnectCause ?? "disconnected" : Of(call.Phase);

    public static Color ColorOf(CallState call) => call.Phase switch
    {
        CallPhase.Answered => Color.Success,
        CallPhase.Queued or CallPhase.Initiated => Color.Info,
        _ => call.DisconnectCause switch
        {
            "hangup" => Color.Default,
            "busy" or "timeout" or "cancel" or "rejected" => Color.Warning,
            _ => Color.Error,
        },
    };

    /// <summary>How long the parties spoke; of a live call, so far. Null when nobody answered.</summary>
    public static string? TalkOf(CallState call, DateTimeOffset now) => call.AnswerTime is { } answered ? Of((call.EndTime ?? now) - answered) : null;

    /// <summary>Seconds with a tenth up to a minute, then minutes and seconds, then hours too.</summary>
    public static string Of(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        if (span < TimeSpan.FromSeconds(60)) return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalSeconds * 10) / 10:0.0} s");
        return span < TimeSpan.FromHours(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}:{span.Seconds:00} min")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00} h");
    }

    /// <summary>Milliseconds, as network times are told.</summary>
    public static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.#} ms");

    /// <summary>A share from 0 to 100.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share:0.##} %");

    public static string Of(BxmlSource source) => source.Origin switch
    {
        BxmlOrigin.Webhook => source.Url is null ? $"Answer to {source.EventType}" : $"Answer to {source.EventType} from {source.Url}",
        BxmlOrigin.Api => "Given by the API",
        _ => "Given with the test call",
    };

    /// <summary>How a verb's run went.</summary>
    public static string Of(RanVerb verb)
    {
        var end = verb.End switch
        {
            VerbEnd.None => "runs",
            VerbEnd.Done => "done",
            VerbEnd.Replaced => "replaced by another document",
            VerbEnd.EndedCall => verb.Cause is null ? "ended the call" : $"ended the call: {verb.Cause}",
            _ => "interrupted",
        };
        return verb.EndTime is { } time ? $"{end} after {Of(time - verb.StartTime)}" : end;
    }

    public static Color ColorOf(RanVerb verb) => verb.End switch
    {
        _ when verb.Message is not null => Color.Error,
        VerbEnd.None => Color.Info,
        VerbEnd.Interrupted => Color.Warning,
        _ => Color.Success,
    };

    public static string Of(WebhookAttempt attempt) => attempt switch
    {
        WebhookAttempt.Primary => "first try", WebhookAttempt.Retry => "second try", _ => "fallback",
    };

    /// <summary>What came of a webhook, in short.</summary>
    public static string OutcomeOf(WebhookExchange exchange) => exchange.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer";
}
