using Sipstead.Provisioning.View;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.Authentication;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Registrar.Register;

/// <summary>
/// The short way of nearly all REGISTERs: a device says what it said before, but for branch, CSeq number, tag and digest. What was right of the rest when
/// <see cref="RegisterHandler"/> read it whole still is; so the digest is checked, the binding refreshed and the answer written; without a digest, it is
/// challenged. Whatever is not so takes the long way, which begins anew: until the nonce is used nothing here has an effect.
/// </summary>
internal sealed class RepeatedRegister(
    ProvisioningView view, DigestAuthenticator authenticator, AuthenticationLimits limits, RegisterPolicy policy, RegisterAnswer answer,
    LocationService locations, LocationBatch batch, RegistrationRecorder recorder, RegisterTextReader reader, ChallengedTexts challenged, ToTagFactory toTags,
    RegistrarOptions options, BatchClock clock, BatchCounts counts) : IRepeatHandler
{
    private readonly TimeSpan _sourceLife = TimeSpan.FromSeconds(options.MaxExpires);

    public bool TryHandle(byte[] buffer, int offset, int length, in SipFlow flow, SipReply reply)
    {
        if (!reader.TryRead(buffer, offset, length, out var text) || !view.Realms.TryFind(text.Host, out var realm)) return false;
        return text.HasCredentials ? TryRefresh(text, flow, reply, realm) : TryChallenge(text, flow, reply, realm);
    }

    private bool TryChallenge(in RegisterText text, in SipFlow flow, SipReply reply, RealmEntry realm)
    {
        if (!challenged.Contains(text.Hash)) return false;
        limits.NoteNamed(text.Message.Value(HeaderId.To), flow, realm, clock.Timestamp);
        var responder = new SipResponder(reply, text.Message, text.Via, flow, toTags.Create(text.Message));
        authenticator.Challenge(responder, realm, 401, DigestOutcome.Missing);
        recorder.Challenged(text.Message, text.CSeq, flow, responder);
        return true;
    }

    private bool TryRefresh(in RegisterText text, in SipFlow flow, SipReply reply, RealmEntry realm)
    {
        if (!authenticator.TryFindUser(text, realm, out var user)) return false;
        if (!locations.TryOpenRepeat(user.Credential.Id, user.Credential.HashRevision, text.Hash, out var aor)) return false;
        using (aor) return TryRefresh(text, flow, reply, realm, user, aor);
    }

    private bool TryRefresh(in RegisterText text, in SipFlow flow, SipReply reply, RealmEntry realm, in DigestUser user, in AorLease aor)
    {
        var now = clock.Timestamp;
        if (!policy.TryRepeat(flow, text.CSeq, aor.Bindings, clock.NowMs)) return false;
        if (!authenticator.TryReadNonce(text, realm, out var nonce)) return false;
        var prefix = aor.PrefixOf(nonce);
        var finding = authenticator.Check(text, user, nonce, flow, ref prefix);
        if (finding.Outcome != DigestOutcome.Right || limits.IsRefused(finding, flow, realm, now) || !limits.MayRegister(user.Credential.Id, flow, now)) return false;
        if (aor.UseNonce(finding.Use.Nonce, finding.Use.NonceCount, finding.Use.RequestHash, prefix) != NonceUse.Fresh) return false;
        limits.Succeeded(finding, flow, realm, _sourceLife, now);
        aor.MarkSucceeded(finding.Use.RequestHash);
        var responder = new SipResponder(reply, text.Message, text.Via, flow, toTags.Create(text.Message));
        answer.WriteRefreshed(responder, policy.Next);
        responder.AwaitCommit();
        counts.Answered(200);
        recorder.Refreshed(flow, aor, policy.Next);
        aor.Replace(policy.Next, batch, finding.Use.RequestHash);
        return true;
    }
}
