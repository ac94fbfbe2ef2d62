using System.Text;
using System.Text.Json;
using Sipstead.Sip.Sessions;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Connecting;

/// <summary>
/// A REFER of a phone, which wants the party that it talks to connected with somebody else (ruling 31). Blind: the phone's application is asked what to do
/// with that party. Attended: the parties of two calls of the phone are connected. On the mailbox of the phone's call.
/// </summary>
internal sealed class IncomingReferral(Call call, InviteSession session)
{
    /// <summary>A phone that was told hangs up by itself; after this we do.</summary>
    private static readonly TimeSpan TimeToHangUp = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Begin(Referral referral)
    {
        if (call.HasEnded || call.IsForwarded || call.Bridge is not { } bridge) session.RejectRefer(603);
        else if (referral.Replaced is { } replaced) _ = AttendAsync(bridge.OtherThan(call), replaced);
        else if (CallingUser.TryFind(call.Services.View, session.Trace.RealmId, session.Trace.CredentialId, out var referrer)) Pass(bridge.OtherThan(call), referral.Target, referrer);
        else session.RejectRefer(603);
    }

    /// <summary>Runs on the other party's call what the phone's application answers to <c>initiate</c>.</summary>
    private void Pass(Call other, string target, CallingUser referrer)
    {
        session.AcceptRefer();
        var targets = CallTargets.Of(referrer.Application);
        var initiate = new VerbCallback("initiate", targets.Begin!, targets.BeginFallback, json => WriteDiversion(json, referrer.Uri));
        var shown = other.State with { ApplicationId = referrer.Application.Id.ToString(), From = other.State.Party, To = Dialled.Of(Encoding.UTF8.GetBytes(target)) };
        _ = PassAsync(other.Mailbox.AskAsync(() => !other.HasEnded && Take(other, shown, initiate)));
        call.TakeOver(GoodByeAsync); // behind the other: it must not hear first that this one leaves
    }

    private async Task PassAsync(Task<bool> taking)
    {
        if (!await taking) Tell(481, "The Other Party Has Hung Up");
    }

    private bool Take(Call other, CallState shown, VerbCallback initiate)
    {
        other.TakeOver(async interrupted =>
        {
            var outcome = VerbOutcome.HangUp;
            try
            {
                outcome = await other.CallbackAsync(shown, initiate, interrupted);
                return outcome;
            }
            finally
            {
                if (outcome is VerbOutcome.Replaced) Tell(200, "OK");
                else Tell(503, "Service Unavailable");
            }
        });
        return true;
    }

    private async Task AttendAsync(Call first, ReplacedDialog replaced)
    {
        if (call.Services.Sessions.Find(replaced)?.Listener is not Call consulted || consulted == call || consulted.State.AccountId != call.State.AccountId)
        {
            session.RejectRefer(481);
            return;
        }

        var bridge = call.Bridge;
        var second = await consulted.Mailbox.AskAsync(() => consulted.IsForwarded ? null : consulted.Bridge?.OtherThan(consulted));
        if (second is null || second == first || call.Bridge != bridge)
        {
            session.RejectRefer(603);
            return;
        }

        session.AcceptRefer();
        var joined = new CallBridge(first, second);
        Join(first, joined);
        Join(second, joined);
        consulted.Mailbox.Post(() => consulted.TakeOver(GoodByeAsync));
        call.TakeOver(GoodByeAsync);
        Tell(200, "OK");

        static void Join(Call party, CallBridge joined) => party.Mailbox.Post(() =>
        {
            if (party.HasEnded) joined.End();
            else party.TakeOver(async interrupted =>
            {
                await joined.StayAsync(party, interrupted);
                return VerbOutcome.HangUp;
            });
        });
    }

    /// <summary>The phone leaves: it hangs up when it was told, or is hung up.</summary>
    private async Task<VerbOutcome> GoodByeAsync(CancellationToken interrupted)
    {
        await _told.Task.WaitAsync(interrupted);
        await Task.Delay(TimeToHangUp, call.Time, interrupted);
        return VerbOutcome.HangUp;
    }

    private void Tell(int status, string reason)
    {
        session.TellReferrer(status, reason);
        _told.TrySetResult();
    }

    private static void WriteDiversion(Utf8JsonWriter json, string referrer)
    {
        json.WriteStartObject("diversion"u8);
        json.WriteString("reason"u8, "deflection"u8);
        json.WriteString("origTo"u8, referrer);
        json.WriteEndObject();
    }
}
