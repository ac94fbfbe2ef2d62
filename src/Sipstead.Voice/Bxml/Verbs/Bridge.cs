using System.Text.Json;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Connects the call with another one of its account (bxml.md 7.3).</summary>
internal sealed class Bridge(string target, CallbackTargets? complete, CallbackTargets? targetComplete, string? tag) : Verb
{
    private const int MaximumId = 256;

    public static Bridge Read(VerbElement element)
    {
        if (element.Text.Length is 0 or > MaximumId)
            element.Fail(null, $"Bridge's text is {ErrorText.Quote(element.Text)}; give the id of the other call.");
        return new Bridge(element.Text, element.Callback("bridgeComplete"), element.Callback("bridgeTargetComplete"), element.Tag());
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        var refusal = await call.Connections.BridgeAsync(target, targetComplete, interrupted);
        if (complete is null) return VerbOutcome.Next;
        return await call.CallbackAsync(
            new VerbCallback("bridgeComplete", complete.Primary, complete.Fallback, json => WriteFields(json, refusal)), interrupted);
    }

    private static void WriteFields(Utf8JsonWriter json, string? refusal)
    {
        if (refusal is not null) CallEvent.WriteCause(json, CallCause.ApplicationError, refusal, Guid.NewGuid().ToString());
    }
}
