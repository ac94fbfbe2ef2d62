using System.Text.Json;
using Sipstead.Provisioning.Locations;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Connecting;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Connects the call with the first of some others that answers (bxml.md 7.1).</summary>
internal sealed class Transfer(TransferPlan plan, CallbackTargets? complete, string? tag) : Verb
{
    public const int MaximumTargets = 8;

    public static Transfer Read(VerbElement element)
    {
        if (element.Parts.Count is 0 or > MaximumTargets)
            element.Fail(null, $"Transfer has {element.Parts.Count} targets; give 1 to {MaximumTargets} PhoneNumber and SipUri.");
        var plan = new TransferPlan
        {
            Targets = [.. element.Parts.Select(ReadTarget)], CallerId = TransferAttributes.CallerId(element, "transferCallerId"),
            CallerDisplayName = TransferAttributes.DisplayName(element, "transferCallerDisplayName"), CallTimeout = TransferAttributes.CallTimeout(element),
            Diversion = TransferAttributes.Diversion(element), DiversionReason = TransferAttributes.DiversionReason(element),
        };
        return new Transfer(plan, element.Callback("transferComplete"), element.Tag());
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        var end = await call.Connections.TransferAsync(plan, interrupted);
        if (complete is null) return VerbOutcome.Next;
        return await call.CallbackAsync(
            new VerbCallback("transferComplete", complete.Primary, complete.Fallback, json => WriteFields(json, end)), interrupted);
    }

    private static TransferTarget ReadTarget(VerbElement part)
    {
        var isNumber = part.Name == "PhoneNumber";
        if (!isNumber) TransferAttributes.CheckSipUri(part);
        else if (!E164.IsNumber(part.Text))
            part.Fail(null, $"PhoneNumber's text is {ErrorText.Quote(part.Text)}; give a number in E.164 form, such as +12025550100.");
        var uui = TransferAttributes.UserToUser(part);
        return new TransferTarget(part.Text, part.Callback("transferAnswer"), part.Notice("transferDisconnect"), part.Tag(), isNumber ? [] : uui);
    }

    private static void WriteFields(Utf8JsonWriter json, TransferEnd end)
    {
        json.WriteString("transferCallerId"u8, end.CallerId);
        json.WriteString("transferTo"u8, end.To);
        CallEvent.WriteCause(json, end.Cause, end.ErrorMessage, end.ErrorId);
    }
}
