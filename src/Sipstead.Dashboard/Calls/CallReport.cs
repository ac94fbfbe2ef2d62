using System.Buffers;
using System.Globalization;
using System.Text;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Dashboard.Calls;

/// <summary>All that is known of a call as text to read. Control characters in it, which could command a terminal, become '?'.</summary>
internal static class CallReport
{
    private const string Time = "yyyy-MM-dd HH:mm:ss.fff 'UTC'";

    public static void Write(IBufferWriter<byte> output, CallDetails call)
    {
        var text = new StringBuilder();
        AddCall(text, call);
        foreach (var run in call.Documents) AddDocument(text, run);
        foreach (var exchange in call.Exchanges) AddExchange(text, exchange);
        AddTitle(text, "SIP messages");
        Encoding.UTF8.GetBytes(Readable(text), output);
        TraceText.Write(output, call.Trace);
    }

    private static void AddCall(StringBuilder text, CallDetails call)
    {
        var state = call.State;
        Add(text, $"Call {state.CallId} of account {state.AccountId}");
        Add(text, $"From {state.From} to {state.To}, {(state.Direction == CallDirection.Inbound ? "inbound" : "outbound")}");
        if (state.Transfer is { } transfer) Add(text, $"Made by a transfer of call {transfer.ParentCallId}: calls {transfer.To}, shows {transfer.CallerId}");
        foreach (var moment in CallMoment.Of(state)) Add(text, $"{moment.Name}: {At(moment.At)}");
        Add(text, $"State: {CallWords.StateOf(state)}");
        if (state.ErrorMessage is not null) Add(text, $"Error: {state.ErrorMessage} (error id {state.ErrorId})");
        foreach (var leg in call.Legs)
        {
            var answer = leg.Status?.ToString(CultureInfo.InvariantCulture) ?? "none";
            Add(text, $"Leg: {leg.Uri} over {leg.Transport.Token()} at {leg.Peer}, answer {answer}, Call-ID {leg.SipCallId}");
        }

        if (call.Media is not { } media) return;
        Add(
            text,
            $"Media: {media.Codec ?? "no codec"}, {media.Encryption ?? "not encrypted"}, {media.PacketsReceived} packets received, {media.PacketsSent} sent, {media.PacketsLost} lost, "
            + $"{media.PacketsLate} late, {media.PacketsDropped} dropped, jitter {CallWords.Milliseconds(media.Jitter)}, {CallWords.Of(media.Concealed)} made up");
        if (media.RemoteLossPercent is { } loss) Add(text, $"The party reports of us: {CallWords.Percent(loss)} lost");
        foreach (var hint in MediaHint.Of(call)) Add(text, hint);
    }

    private static void AddDocument(StringBuilder text, BxmlRun run)
    {
        AddTitle(text, $"BXML document at {At(run.At)}: {CallWords.Of(run.Source)}");
        if (run.Error is not null) Add(text, $"Not valid: {run.Error.Message}");
        foreach (var verb in run.Verbs)
            Add(text, $"Line {verb.Line}, column {verb.Column}: {verb.Name} {CallWords.Of(verb)}{(verb.Message is null ? "" : $": {verb.Message}")}");
        Add(text, $"\n{run.Text}");
    }

    private static void AddExchange(StringBuilder text, WebhookExchange exchange)
    {
        var outcome = $"{CallWords.OutcomeOf(exchange)} after {CallWords.Milliseconds(exchange.Duration)}";
        AddTitle(text, $"Webhook {exchange.EventType} at {At(exchange.StartedAt)}: {outcome}");
        Add(text, $"{exchange.Method} {exchange.Url} ({CallWords.Of(exchange.Attempt)})");
        if (exchange.Error is not null) Add(text, $"Error: {exchange.Error}");
        Add(text, $"\n{BodyText.Of(exchange.Request, exchange.IsRequestTruncated)}");
        Add(text, $"\n{BodyText.Of(exchange.Response, exchange.IsResponseTruncated)}");
    }

    private static void AddTitle(StringBuilder text, string title) => Add(text, $"\n=== {title} ===\n");

    private static void Add(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static string At(DateTimeOffset time) => time.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture);

    private static string Readable(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\r' or '\t')) text[i] = '?';
        }

        return text.ToString();
    }
}
