using System.Buffers;
using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Api;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Api;

/// <summary>The SIP messages of a call as JSON, as text to read or as a capture file: an addition of ours.</summary>
internal sealed class TraceEndpoint(CallDirectory directory)
{
    private static readonly TraceFormat[] Formats =
    [
        new("json", MediaTypeNames.Application.Json, (_, messages) =>
            VoiceResult.Json(StatusCodes.Status200OK, [.. messages.Select(Describe)], VoiceJson.Api.IReadOnlyListTracedMessageBody)),
        new("text", MediaTypeNames.Text.Plain, (callId, messages) => File(TraceText.Write, messages, TraceText.MediaType, $"{callId}.txt")),
        new("pcap", TracePcap.MediaType, (callId, messages) => File(TracePcap.Write, messages, TracePcap.MediaType, $"{callId}.pcap")),
    ];

    public Task<VoiceResult> GetAsync(VoiceRequest request) => Task.FromResult(Get(request));

    private VoiceResult Get(VoiceRequest request)
    {
        var callId = request.Argument("callId");
        if (directory.Find(request.AccountId, callId) is not { } call) return VoiceError.CallNotFound(callId);
        return FormatOf(request) is { } format
            ? format.Write(callId, call.Trace)
            : VoiceError.Invalid($"Invalid format: must be one of [{string.Join(", ", Formats.Select(one => one.Name))}]");
    }

    /// <summary>The parameter decides, since links have no Accept; null when it names none that there is.</summary>
    private static TraceFormat? FormatOf(VoiceRequest request)
    {
        if (request.Parameter("format") is { } name) return Array.Find(Formats, format => format.Name == name);
        var type = request.Preferred([.. Formats.Select(format => format.MediaType)]);
        return Array.Find(Formats, format => format.MediaType == type);
    }

    private static VoiceResult File(
        Action<IBufferWriter<byte>, IEnumerable<TracedMessage>> write, IReadOnlyList<TracedMessage> messages, string contentType, string name)
    {
        var file = new ArrayBufferWriter<byte>();
        write(file, messages);
        return VoiceResult.File(file.WrittenSpan.ToArray(), contentType, name);
    }

    private static TracedMessageBody Describe(TracedMessage message)
    {
        var text = Encoding.UTF8.GetString(message.Octets.Span);
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return new TracedMessageBody(
            message.Number, ApiTime.Format(message.At), message.Direction == TraceDirection.Sent ? "sent" : "received", message.Transport.Token(),
            message.Peer.ToString(), message.Local.ToString(), end < 0 ? text : text[..end], text);
    }

    private sealed record TraceFormat(string Name, string MediaType, Func<string, IReadOnlyList<TracedMessage>, VoiceResult> Write);
}
