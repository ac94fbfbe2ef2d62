using Sipstead.Provisioning.View;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.Calls;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Authentication;

/// <summary>
/// INVITE from a device that begins a call: validated, challenged with 407 without a transaction (ruling 2), and once authenticated handed to whoever
/// takes calls; 480 when nobody does. What is for no realm may come from a trunk.
/// </summary>
internal sealed class InviteHandler(
    ProvisioningView view, DigestAuthenticator authenticator, AuthenticationLimits limits, LocationService locations, SessionLayer sessions,
    DeviceCallsPort port, TrunkInvites trunks, RegistrationRecorder recorder) : IRequestHandler
{
    /// <summary>How long a source is known after it began a call: longer than calls mostly are, and what a call sends is little.</summary>
    private static readonly TimeSpan SourceLife = TimeSpan.FromHours(1);

    public SipMethod Method => SipMethod.Invite;

    public void Handle(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        foreach (var contact in request.Message.Values(HeaderId.Contact))
        {
            if (NameAddress.TryParse(contact, out _)) continue;
            responder.Send(400, "Bad Contact Header"u8);
            return;
        }

        if (!view.Realms.TryFind(request.Uri.Host, out var realm))
        {
            if (!trunks.TryHandle(request, flow, responder)) responder.Send(404);
            return;
        }

        var now = limits.Now;
        var finding = limits.Judge(authenticator.Check(request, HeaderId.ProxyAuthorization, realm, flow), request.From.Uri, flow, realm, now);
        var (outcome, use) = (finding.Outcome, finding.Use);
        if (outcome == DigestOutcome.Right && UseNonce(realm, use) == NonceUse.Stale) outcome = DigestOutcome.Stale;
        if (outcome == DigestOutcome.Right) limits.Succeeded(finding, flow, realm, SourceLife, now);
        if (outcome != DigestOutcome.Right) authenticator.Challenge(responder, realm, 407, outcome);
        else if (port.Calls is not { } calls) responder.Send(480);
        else if (sessions.Accept(request, flow, responder, new(realm.Id, use.Credential.Id, 0)) is { } session)
        {
            calls.Receive(realm.AccountId, realm.Id, use.Credential.Id, session);
            return; // what the session layer took, it traces
        }

        recorder.RefusedCall(request, flow, responder, realm, finding);
    }

    private NonceUse UseNonce(RealmEntry realm, in DigestUse use)
    {
        using var aor = locations.Open(use.Credential.Id, realm.Id, use.Credential.HashRevision);
        return aor.UseNonce(use.Nonce, use.NonceCount, use.RequestHash);
    }
}
