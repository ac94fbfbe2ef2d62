using Sipstead.Provisioning.View;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.Authentication;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Register;

/// <summary>
/// REGISTER (RFC 3261 10.3): realm, digest, authorisation, bindings, answer. It keeps no transaction: a repeat is recognised by its nonce use and answered
/// from the state (ruling 2).
/// </summary>
internal sealed class RegisterHandler(
    ProvisioningView view, DigestAuthenticator authenticator, AuthenticationLimits limits, RegisterPolicy policy, LocationService locations, LocationBatch batch,
    RegistrationRecorder recorder, ISipFlows flows, RegistrarOptions options, ServerClock clock, RegistrarMetrics metrics) : IRequestHandler
{
    private readonly DateHeader _date = new(clock);

    /// <summary>How long a source is known after its last REGISTER: as long as a registration may live.</summary>
    private readonly TimeSpan _sourceLife = TimeSpan.FromSeconds(options.MaxExpires);

    public SipMethod Method => SipMethod.Register;

    public void Handle(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        if (!request.To.Uri.IsSip)
        {
            responder.Send(400, "To Must Be A SIP URI"u8);
            return;
        }

        if (!view.Realms.TryFind(request.Uri.Host, out var realm))
        {
            responder.Send(404);
            return;
        }

        var now = limits.Now;
        var finding = limits.Judge(authenticator.Check(request, HeaderId.Authorization, realm, flow), request.To.Uri, flow, realm, now);
        var refusal = finding.Outcome == DigestOutcome.Right
            ? Register(request, flow, responder, realm, finding, now)
            : Challenge(responder, realm, finding.Outcome, finding.Fault);
        if (refusal is { } outcome) recorder.Refused(request, flow, responder, realm, finding, outcome);
        else if (finding.Outcome == DigestOutcome.Missing) recorder.Challenged(request, flow, responder);
    }

    private RegistrationOutcome? Challenge(in SipResponder responder, RealmEntry realm, DigestOutcome outcome, RegistrationOutcome? fault)
    {
        authenticator.Challenge(responder, realm, 401, outcome);
        return fault;
    }

    /// <summary>Returns why the request was refused, null when it was not.</summary>
    private RegistrationOutcome? Register(
        in SipRequest request, in SipFlow flow, in SipResponder responder, RealmEntry realm, in DigestFinding finding, long now)
    {
        var use = finding.Use;
        if (!limits.AdmitsRegister(use.Credential.Id, flow, now)) return RefuseTooMany(responder);
        using var aor = locations.Open(use.Credential.Id, realm.Id, use.Credential.HashRevision);
        switch (aor.UseNonce(use.Nonce, use.NonceCount, use.RequestHash))
        {
            case NonceUse.Stale:
                return Challenge(responder, realm, DigestOutcome.Stale, RegistrationOutcome.StaleNonce);
            case NonceUse.Repeat:
                SendBindings(responder, aor.Bindings);
                responder.AwaitCommit(); // the first one's change may be in this very batch
                return null;
            default:
                limits.Succeeded(finding, flow, realm, _sourceLife, now);
                var isOwn = AddressOfRecord.TryFindOwner(view, realm, request.To.Uri, out var owner) && owner.Id == use.Credential.Id; // REG-06; From is not asked
                return isOwn
                    ? Apply(request, flow, responder, aor, use.RequestHash)
                    : Refuse(responder, RegistrationOutcome.NotOwnAor, "Not Your Address-Of-Record"u8);
        }
    }

    private RegistrationOutcome? Apply(in SipRequest request, in SipFlow flow, in SipResponder responder, in AorLease aor, ulong requestHash)
    {
        switch (policy.Apply(request, flow, aor.Bindings, clock.NowMs, clock.WallMs))
        {
            case RegisterOutcome.Fetched:
                Accept(responder, aor, aor.Bindings, requestHash);
                return null;
            case RegisterOutcome.Changed:
                Accept(responder, aor, policy.Next, requestHash);
                responder.AwaitCommit();
                recorder.Changed(request, flow, responder, aor, policy);
                aor.Replace(policy.Next, batch, requestHash);
                if (flow.Transport.IsStream()) flows.Keep(flow, LongestLife(aor.Bindings));
                return null;
            case RegisterOutcome.TooBrief:
                return RefuseTooBrief(responder);
            case RegisterOutcome.OutOfOrder:
                return Refuse(responder, RegistrationOutcome.OutOfOrder, "CSeq Is Not Above The Last One"u8);
            case RegisterOutcome.ForbiddenContact:
                return Refuse(responder, RegistrationOutcome.ForbiddenContact, "Contact Is Not Allowed"u8);
            case RegisterOutcome.TooManyContacts:
                return Refuse(responder, RegistrationOutcome.TooManyContacts, "Too Many Contacts"u8);
            default:
                return Refuse(responder, RegistrationOutcome.BadContact, "Bad Contact Header"u8);
        }
    }

    private void Accept(in SipResponder responder, in AorLease aor, ReadOnlySpan<byte> bindings, ulong requestHash)
    {
        aor.MarkSucceeded(requestHash);
        SendBindings(responder, bindings);
    }

    private RegistrationOutcome Refuse(in SipResponder responder, RegistrationOutcome outcome, ReadOnlySpan<byte> reason)
    {
        var status = (int)RegistrationOutcomes.StatusOf(outcome)!;
        metrics.Answered(status);
        responder.Send(status, reason);
        return outcome;
    }

    /// <summary>As long a wait for all: what is spread is when they came.</summary>
    private RegistrationOutcome RefuseTooMany(in SipResponder responder)
    {
        metrics.Answered(503);
        var writer = responder.Begin(503);
        writer.Text("Retry-After: 10\r\n"u8);
        responder.End();
        return RegistrationOutcome.TooManyRequests;
    }

    private RegistrationOutcome RefuseTooBrief(in SipResponder responder)
    {
        metrics.Answered(423);
        var writer = responder.Begin(423);
        writer.Text("Min-Expires: "u8);
        writer.Number(options.MinExpires);
        writer.EndLine();
        responder.End();
        return RegistrationOutcome.IntervalTooBrief;
    }

    /// <summary>200 with every live binding, its seconds left and its parameters as registered, and Date (10.3 step 8).</summary>
    private void SendBindings(in SipResponder responder, ReadOnlySpan<byte> bindings)
    {
        metrics.Answered(200);
        var now = clock.NowMs;
        var writer = responder.Begin(200);
        foreach (var binding in new PackedBindings(bindings))
        {
            if (binding.Header.ExpiresAt <= now) continue;
            writer.Text("Contact: <"u8);
            writer.Value(binding.Uri);
            writer.Text(">"u8);
            writer.Value(binding.Parameters);
            writer.Text(";expires="u8);
            writer.Number(Binding.SecondsLeft(binding.Header.ExpiresAt, now));
            writer.EndLine();
        }

        _date.Write(writer);
        responder.End();
    }

    private TimeSpan LongestLife(ReadOnlySpan<byte> bindings)
    {
        long last = 0;
        foreach (var binding in new PackedBindings(bindings)) last = Math.Max(last, binding.Header.ExpiresAt);
        return TimeSpan.FromMilliseconds(Math.Max(0, last - clock.NowMs));
    }
}
