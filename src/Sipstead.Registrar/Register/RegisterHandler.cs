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
/// REGISTER (RFC 3261 10.3): realm, digest, authorisation, bindings, answer. It keeps no transaction: a repeat is recognised by its nonce use and answered
/// from the state (ruling 2).
/// </summary>
internal sealed class RegisterHandler(
    ProvisioningView view, DigestAuthenticator authenticator, AuthenticationLimits limits, RegisterPolicy policy, RegisterAnswer answer,
    LocationService locations, LocationBatch batch, RegistrationRecorder recorder, ISipFlows flows, RegistrarOptions options, BatchClock clock,
    BatchCounts counts, RegisterTextReader reader, ChallengedTexts challenged) : IRequestHandler
{
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

        var now = clock.Timestamp;
        var finding = limits.Judge(authenticator.Check(request, HeaderId.Authorization, realm, flow), request.To.Uri, flow, realm, now);
        var refusal = finding.Outcome == DigestOutcome.Right
            ? Register(request, flow, responder, realm, finding, now)
            : Challenge(responder, realm, finding.Outcome, finding.Fault);
        if (refusal is { } outcome) recorder.Refused(request, flow, responder, realm, finding, outcome);
        else if (finding.Outcome == DigestOutcome.Missing) KeepChallenged(request, flow, responder);
    }

    private void KeepChallenged(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        recorder.Challenged(request.Message, request.CSeq, flow, responder);
        if (flow.Transport == SipTransport.Udp) challenged.Add(TextOf(request));
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
        var supported = SipExtensions.SupportedBy(request.Message);
        using var aor = locations.Open(use.Credential.Id, realm.Id, use.Credential.HashRevision);
        switch (aor.UseNonce(use.Nonce, use.NonceCount, use.RequestHash))
        {
            case NonceUse.Stale:
                return Challenge(responder, realm, DigestOutcome.Stale, RegistrationOutcome.StaleNonce);
            case NonceUse.Repeat:
                Answer(request, flow, responder, realm, supported, aor, aor.Bindings);
                responder.AwaitCommit(); // the first one's change may be in this very batch
                return null;
            default:
                limits.Succeeded(finding, flow, realm, _sourceLife, now);
                var isOwn = AddressOfRecord.IsOwn(view, realm, request.To.Uri, finding); // REG-06; From is not asked
                return isOwn
                    ? Apply(request, flow, responder, realm, supported, aor, finding)
                    : Refuse(responder, RegistrationOutcome.NotOwnAor, "Not Your Address-Of-Record"u8);
        }
    }

    private RegistrationOutcome? Apply(
        in SipRequest request, in SipFlow flow, in SipResponder responder, RealmEntry realm, SipExtension supported, in AorLease aor, in DigestFinding finding)
    {
        var requestHash = finding.Use.RequestHash;
        switch (policy.Apply(request, flow, supported, aor.Bindings, clock.NowMs, clock.WallMs))
        {
            case RegisterOutcome.Fetched:
                aor.MarkSucceeded(requestHash);
                Answer(request, flow, responder, realm, supported, aor, aor.Bindings);
                return null;
            case RegisterOutcome.Changed:
                aor.MarkSucceeded(requestHash);
                Answer(request, flow, responder, realm, supported, aor, policy.Next);
                responder.AwaitCommit();
                recorder.Changed(request, flow, responder, aor, policy);
                aor.Replace(policy.Next, batch, requestHash);
                aor.Remember(TextOf(request, flow, supported, finding));
                if (flow.Transport.IsStream()) KeepConnection(request, flow, aor.Bindings);
                return null;
            case RegisterOutcome.TooBrief:
                return RefuseTooBrief(responder);
            case RegisterOutcome.OutOfOrder:
                return Refuse(responder, RegistrationOutcome.OutOfOrder, "CSeq Is Not Above The Last One"u8);
            case RegisterOutcome.ForbiddenContact:
                return Refuse(responder, RegistrationOutcome.ForbiddenContact, "Contact Is Not Allowed"u8);
            case RegisterOutcome.TooManyContacts:
                return Refuse(responder, RegistrationOutcome.TooManyContacts, "Too Many Contacts"u8);
            case RegisterOutcome.BadPath:
                return Refuse(responder, RegistrationOutcome.BadPath, "Bad Path Header"u8);
            case RegisterOutcome.FirstHopLacksOutbound:
                return Refuse(responder, RegistrationOutcome.FirstHopLacksOutbound, SipStatus.ReasonOf(439));
            case RegisterOutcome.BulkContact:
                return RefuseBulkContact(responder);
            default:
                return Refuse(responder, RegistrationOutcome.BadContact, "Bad Contact Header"u8);
        }
    }

    /// <summary>What <see cref="RepeatedRegister"/> knows this request by when it comes again; 0 where that is to be read whole again.</summary>
    private ulong TextOf(in SipRequest request, in SipFlow flow, SipExtension supported, in DigestFinding finding)
    {
        if (flow.Transport != SipTransport.Udp || !finding.IsExactName || !policy.MayRepeat(supported)) return 0;
        return TextOf(request);
    }

    private ulong TextOf(in SipRequest request) =>
        reader.TryRead(request.Message, out var text) && text.Host.SequenceEqual(request.Uri.Host) ? text.Hash : 0;

    private void Answer(
        in SipRequest request, in SipFlow flow, in SipResponder responder, RealmEntry realm, SipExtension supported, in AorLease aor,
        ReadOnlySpan<byte> bindings)
    {
        counts.Answered(200);
        answer.Write(responder, request, flow, supported, aor.CredentialId, realm.FqdnUtf8.Span, bindings);
    }

    private RegistrationOutcome Refuse(in SipResponder responder, RegistrationOutcome outcome, ReadOnlySpan<byte> reason)
    {
        var status = (int)RegistrationOutcomes.StatusOf(outcome)!;
        counts.Answered(status);
        responder.Send(status, reason);
        return outcome;
    }

    /// <summary>As long a wait for all: what is spread is when they came.</summary>
    private RegistrationOutcome RefuseTooMany(in SipResponder responder)
    {
        counts.Answered(503);
        var writer = responder.Begin(503);
        writer.Text("Retry-After: 10\r\n"u8);
        responder.End();
        return RegistrationOutcome.TooManyRequests;
    }

    private RegistrationOutcome RefuseTooBrief(in SipResponder responder)
    {
        counts.Answered(423);
        var writer = responder.Begin(423);
        writer.Text("Min-Expires: "u8);
        writer.Number(options.MinExpires);
        writer.EndLine();
        responder.End();
        return RegistrationOutcome.IntervalTooBrief;
    }

    private RegistrationOutcome RefuseBulkContact(in SipResponder responder)
    {
        counts.Answered(420);
        responder.Begin(420).Text("Unsupported: gin\r\n"u8);
        responder.End();
        return RegistrationOutcome.BulkContact;
    }

    /// <summary>Keeps a connection for its bindings; one that Outbound applies to only while the device is heard (OB-09).</summary>
    private void KeepConnection(in SipRequest request, in SipFlow flow, ReadOnlySpan<byte> bindings)
    {
        flows.Keep(flow, LongestLife(bindings));
        if (OutboundRules.Applied(request, bindings)) flows.EndAfterSilence(flow, TimeSpan.FromSeconds(options.FlowTimer));
    }

    private TimeSpan LongestLife(ReadOnlySpan<byte> bindings)
    {
        long last = 0;
        foreach (var binding in new PackedBindings(bindings)) last = Math.Max(last, binding.Header.ExpiresAt);
        return TimeSpan.FromMilliseconds(Math.Max(0, last - clock.NowMs));
    }
}
