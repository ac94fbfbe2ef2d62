using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Api;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Api;

/// <summary>What is known of a call beyond its state: its documents, legs and media; additions of ours.</summary>
internal sealed class CallDetailsEndpoints(CallDirectory directory)
{
    public Task<VoiceResult> DocumentsAsync(VoiceRequest request) => AnswerAsync(request, call =>
        VoiceResult.Json(StatusCodes.Status200OK, [.. call.Documents.Select(Describe)], VoiceJson.Api.IReadOnlyListDocumentBody));

    public Task<VoiceResult> MediaAsync(VoiceRequest request) =>
        AnswerAsync(request, call => VoiceResult.Json(StatusCodes.Status200OK, DescribeMedia(call), VoiceJson.Api.CallMediaBody));

    private Task<VoiceResult> AnswerAsync(VoiceRequest request, Func<CallDetails, VoiceResult> answer)
    {
        var callId = request.Argument("callId");
        return Task.FromResult(directory.Find(request.AccountId, callId) is { } call ? answer(call) : VoiceError.CallNotFound(callId));
    }

    private static DocumentBody Describe(BxmlRun run) => new()
    {
        Time = ApiTime.Format(run.At), EventType = run.Source.EventType, Url = run.Source.Url, Bxml = run.Text,
        Source = run.Source.Origin switch { BxmlOrigin.Webhook => "webhook", BxmlOrigin.Api => "api", _ => "test-call" },
        Error = run.Error is { } error ? BxmlErrorBody.Of(error) : null, Verbs = [.. run.Verbs.Select(Describe)],
    };

    private static RanVerbBody Describe(RanVerb verb) => new()
    {
        Verb = verb.Name, Line = verb.Line, Column = verb.Column, StartTime = ApiTime.Format(verb.StartTime),
        EndTime = verb.EndTime is { } end ? ApiTime.Format(end) : null,
        Outcome = verb.End switch
        {
            VerbEnd.None => "running", VerbEnd.Done => "done", VerbEnd.Replaced => "replaced", VerbEnd.EndedCall => "ended-call", _ => "interrupted",
        },
        Cause = verb.Cause, ErrorMessage = verb.Message,
    };

    private static CallMediaBody DescribeMedia(CallDetails call) => new()
    {
        Legs =
        [
            .. from leg in call.Legs
               select new LegBody(leg.SipCallId, leg.Uri, leg.Transport.Token(), leg.Peer, ApiTime.Format(leg.StartTime), leg.Status, leg.Reason, leg.Trunk),
        ],
        Codec = call.Media?.Codec, Encryption = call.Media?.Encryption, PacketsSent = call.Media?.PacketsSent, OctetsSent = call.Media?.OctetsSent, PacketsReceived = call.Media?.PacketsReceived,
        OctetsReceived = call.Media?.OctetsReceived, PacketsLost = call.Media?.PacketsLost, LossPercent = Rounded(call.LossPercent),
        PacketsLate = call.Media?.PacketsLate, PacketsDropped = call.Media?.PacketsDropped, JitterMs = Rounded(call.Media?.Jitter.TotalMilliseconds),
        ConcealedMs = Rounded(call.Media?.Concealed.TotalMilliseconds), RoundTripMs = Rounded(call.Media?.RoundTrip?.TotalMilliseconds),
        RemoteLossPercent = Rounded(call.Media?.RemoteLossPercent), RemoteJitterMs = Rounded(call.Media?.RemoteJitter?.TotalMilliseconds),
    };

    private static double? Rounded(double? number) => number is { } value ? Math.Round(value, 2) : null;
}
