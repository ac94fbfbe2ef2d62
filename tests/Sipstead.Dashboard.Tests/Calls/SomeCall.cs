using System.Text;
using Sipstead.Media;
using Sipstead.Sip.Trace;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Dashboard.Tests.Calls;

/// <summary>A call that ended after 12.5 s, with what a test says of it.</summary>
internal static class SomeCall
{
    public static readonly DateTimeOffset Start = new(2026, 7, 30, 12, 0, 0, TimeSpan.Zero);

    public static CallState State { get; } = new()
    {
        CallId = "c-1", AccountId = "9900000", ApplicationId = "", To = "sip:alice@a.example", From = "+12025550100", Direction = CallDirection.Outbound,
        BaseUrl = "http://127.0.0.1:8080/api/v2", Phase = CallPhase.Disconnected, EnqueuedTime = Start, StartTime = Start.AddSeconds(1),
        AnswerTime = Start.AddSeconds(3), EndTime = Start.AddSeconds(15.5), DisconnectCause = "hangup", LastUpdate = Start.AddSeconds(15.5),
    };

    public static CallDetails Details(
        CallState? state = null, IReadOnlyList<BxmlRun>? documents = null, IReadOnlyList<WebhookExchange>? exchanges = null, IReadOnlyList<TracedMessage>? trace = null,
        MediaStatistics? media = null) => new()
    {
        State = state ?? State, Legs = [], Documents = documents ?? [], Exchanges = exchanges ?? [], Trace = trace ?? [], Media = media,
    };

    public static BxmlRun Run(string text, BxmlError? error = null, params RanVerb[] verbs) =>
        new(new BxmlSource(BxmlOrigin.Webhook, "initiate", "http://app.example/voice"), Start, text, error, verbs);

    public static WebhookExchange Exchange(string request, string response, int? status = 200, string? error = null) => new()
    {
        AccountId = "9900000", CallId = "c-1", EventType = "initiate", Attempt = WebhookAttempt.Primary, Method = "POST", Url = "http://app.example/voice",
        Request = Encoding.UTF8.GetBytes(request), Response = Encoding.UTF8.GetBytes(response), Status = status, Error = error, StartedAt = Start,
        Duration = TimeSpan.FromMilliseconds(12.3),
    };
}
