using System.Text.Json;
using Sipstead.Voice.Connecting;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Asks the caller's device to call somebody else instead (bxml.md 7.5). When it has, the call is over.</summary>
internal sealed class Refer(string target, CallbackTargets? complete, string? tag) : Verb
{
    public static Refer Read(VerbElement element)
    {
        if (element.Parts.Count != 1) element.Fail(null, $"Refer has {element.Parts.Count} SipUri; give one.");
        if (element.Parts.Count > 0) TransferAttributes.CheckSipUri(element.Parts[0]);
        return new Refer(element.Parts.Count > 0 ? element.Parts[0].Text : "", element.Callback("referComplete"), element.Tag());
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        if (await call.Connections.ReferAsync(target, interrupted) is not { } end)
            return VerbOutcome.ApplicationError("Refer works on inbound calls only; use Transfer for others.");
        if (complete is null) return end.IsSuccess ? VerbOutcome.HangUp : VerbOutcome.Next;
        var outcome = await call.CallbackAsync(
            new VerbCallback("referComplete", complete.Primary, complete.Fallback, json => WriteFields(json, end)), interrupted);
        return end.IsSuccess ? VerbOutcome.HangUp : outcome;
    }

    private static void WriteFields(Utf8JsonWriter json, ReferEnd end)
    {
        json.WriteString("referCallStatus"u8, end.IsSuccess ? "success"u8 : "failure"u8);
        if (end.ReferStatus is { } refer) json.WriteNumber("referSipResponseCode"u8, refer);
        if (end.NotifyStatus is { } notify) json.WriteNumber("notifySipResponseCode"u8, notify);
    }
}
