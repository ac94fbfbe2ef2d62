using Microsoft.AspNetCore.Http;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Api;

/// <summary>updateCallBxml (voice-api.md 4.5), and the check of a document without a call, which is ours.</summary>
internal sealed class BxmlEndpoints(CallRegistry registry)
{
    public async Task<VoiceResult> ReplaceAsync(VoiceRequest request)
    {
        var callId = request.Argument("callId");
        if (!IsXml(request)) return VoiceError.MediaType(request.ContentType);
        if (!registry.TryFind(request.Account, callId, out var call)) return VoiceError.CallNotFound(callId);
        var live = call.Live;
        var octets = await ReadAsync(request);
        var read = BxmlReader.Read(octets, live?.DocumentUrl, live?.DocumentContext ?? BxmlContext.Call);
        if (read.Document is not { } document) return VoiceError.Invalid(read.Error!.Message);
        return live is not null && await live.ReplaceBxmlAsync(new GivenBxml(document, octets)) ? VoiceResult.Empty(StatusCodes.Status204NoContent) : VoiceError.NotModifiable(callId);
    }

    public static async Task<VoiceResult> ValidateAsync(VoiceRequest request)
    {
        if (!IsXml(request)) return VoiceError.MediaType(request.ContentType);
        var body = BxmlValidator.Validate(await ReadAsync(request)) is { } error
            ? new ValidationBody(BxmlErrorBody.Of(error))
            : new ValidationBody();
        return VoiceResult.Json(StatusCodes.Status200OK, body, VoiceJson.Api.ValidationBody);
    }

    public static bool IsXml(VoiceRequest request) => request.HasContentType("application/xml", "text/xml");

    /// <summary>The body; of one that is too long as much as shows that.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(VoiceRequest request) =>
        await request.ReadBodyAsync() ?? new byte[BxmlReader.MaximumOctets + 1];
}
