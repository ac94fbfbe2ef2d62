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
        return await GiveAsync(
            request, live?.DocumentUrl, live?.DocumentContext ?? BxmlContext.Call, live is null ? null : live.ReplaceBxmlAsync, VoiceError.NotModifiable(callId));
    }

    /// <summary>Reads the document of a request, and gives it to a call or conference.</summary>
    /// <param name="give">False when it is not taken; null when there is nobody who could take it.</param>
    public static async Task<VoiceResult> GiveAsync(
        VoiceRequest request, Uri? documentUrl, BxmlContext context, Func<GivenBxml, Task<bool>>? give, VoiceError notTaken)
    {
        var octets = await ReadAsync(request);
        var read = BxmlReader.Read(octets, documentUrl, context);
        if (read.Document is not { } document) return VoiceError.Invalid(read.Error!.Message);
        return give is not null && await give(new GivenBxml(document, octets)) ? VoiceResult.Empty(StatusCodes.Status204NoContent) : notTaken;
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
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(VoiceRequest request) =>
        await request.ReadBodyAsync() ?? new byte[BxmlReader.MaximumOctets + 1];
}
