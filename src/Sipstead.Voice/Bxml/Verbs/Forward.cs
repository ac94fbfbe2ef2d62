using Sipstead.Provisioning.Locations;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Connecting;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Sends an unanswered inbound call on; the application has no say in it any more (bxml.md 7.2).</summary>
internal sealed class Forward(TransferPlan plan) : Verb
{
    public static Forward Read(VerbElement element)
    {
        var to = element.Value("to") ?? "";
        if (!E164.IsNumber(to) && !DestinationResolver.IsUserUri(to))
            element.Fail("to", $"Forward's to is {ErrorText.Quote(to)}; give a number in E.164 form, such as +12025550100, or a SIP URI, such as sip:user@realm.");
        var uui = TransferAttributes.UserToUser(element);
        return new Forward(new TransferPlan
        {
            Targets = [new TransferTarget(to, UserToUser: E164.IsNumber(to) ? [] : uui)], CallerId = TransferAttributes.CallerId(element, "from"),
            CallTimeout = TransferAttributes.CallTimeout(element), Diversion = TransferAttributes.Diversion(element),
            DiversionReason = TransferAttributes.DiversionReason(element),
        });
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted) =>
        await call.Connections.ForwardAsync(plan, interrupted) is { } end
            ? VerbOutcome.End(end.Cause, end.ErrorMessage)
            : VerbOutcome.ApplicationError("Forward works on an inbound call that was not answered; use Transfer for others.");
}
