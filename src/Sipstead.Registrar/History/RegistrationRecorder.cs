using System.Buffers;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Authentication;
using Sipstead.Registrar.Location;
using Sipstead.Registrar.Register;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.History;

/// <summary>
/// Decides which requests leave something in the history and in the SIP trace (rulings 36 and 37): refusals at once, changes when they are durable. A
/// successful refresh leaves nothing and allocates nothing. Belongs to one receiving loop, whose batch it commits.
/// </summary>
internal sealed class RegistrationRecorder(
    ProvisioningView view, RegistrationHistory history, SipTrace trace, RecentChallenges challenges, StaleNonces staleNonces, LocationBatch batch,
    BatchClock clock, BatchCounts counts) : IRequestBatch
{
    private readonly ArrayBufferWriter<byte> _octets = new(16 * 1024);
    private readonly List<ContactChange> _changes = [];
    private readonly List<Exchange> _exchanges = [];

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.WallMs);

    /// <summary>Keeps a REGISTER without credentials and its challenge, until it shows what they lead to.</summary>
    /// <param name="sequence">CSeq number.</param>
    public void Challenged(SipMessage request, uint sequence, in SipFlow flow, in SipResponder responder) =>
        challenges.Keep(request, sequence, flow, responder);

    /// <summary>Keeps a REGISTER that was refused. No lock may be held.</summary>
    public void Refused(
        in SipRequest request, in SipFlow flow, in SipResponder responder, RealmEntry realm, in DigestFinding finding, RegistrationOutcome outcome)
    {
        if (outcome == RegistrationOutcome.StaleNonce && !staleNonces.IsUsedAgain(finding.Use.Nonce, finding.Use.RequestHash)) return;
        var credentialId = OwnerOf(request.To.Uri, realm, finding);
        var subject = new TraceSubject(realm.Id, credentialId, 0);
        challenges.TraceBefore(request, subject);
        TraceBoth(subject, request, flow, responder);
        history.Add(new NewAttempt(outcome, Now, realm.Id, credentialId, flow)
        {
            UserName = UserNameOf(request, finding, stackalloc byte[RegistrationAttempt.MaxUserName]),
            UserAgent = request.Message.Value(HeaderId.UserAgent), Contact = request.Message.Value(HeaderId.Contact),
        });
    }

    /// <summary>Keeps an INVITE that was challenged or refused before it became a call: in the trace only. Without an answer it was not, and is another loop's.</summary>
    public void RefusedCall(in SipRequest request, in SipFlow flow, in SipResponder responder, RealmEntry realm, in DigestFinding finding)
    {
        if (responder.Written.IsEmpty) return;
        TraceBoth(new TraceSubject(realm.Id, OwnerOf(request.From.Uri, realm, finding), 0), request, flow, responder);
    }

    /// <summary>Notes what a REGISTER makes of the bindings there still are, to be told with <see cref="Commit"/>; the answer is written.</summary>
    public void Changed(in SipRequest request, in SipFlow flow, in SipResponder responder, in AorLease aor, RegisterPolicy policy)
    {
        var isRefresh = true;
        foreach (var binding in new PackedBindings(policy.Next))
        {
            if (!policy.IsOfThisRequest(binding.Header.Id)) continue;
            var isNew = !Contains(aor.Bindings, binding.Header.Id);
            Note(aor, binding, flow, isNew ? RegistrationOutcome.Registered : null);
            isRefresh &= !isNew;
        }

        foreach (var binding in new PackedBindings(aor.Bindings))
        {
            if (Contains(policy.Next, binding.Header.Id)) continue;
            var end = EndOf(binding, policy);
            Note(aor, binding, end == RegistrationOutcome.Unregistered ? flow : binding.Header.Flow, end);
            isRefresh = false;
        }

        if (!isRefresh) KeepExchange(new TraceSubject(aor.RealmId, aor.CredentialId, 0), request, flow, responder);
    }

    /// <summary>Notes the refresh of a binding, which is told of only when it is not durable.</summary>
    public void Refreshed(in SipFlow flow, in AorLease aor, ReadOnlySpan<byte> binding) =>
        _changes.Add(new ContactChange(aor.RealmId, aor.CredentialId, null, flow, _octets.Keep(binding)));

    public bool Commit()
    {
        var isDurable = batch.Commit();
        if (_changes.Count > 0) Tell(isDurable);
        counts.EndBatch();
        clock.EndBatch();
        return isDurable;
    }

    private static bool Contains(ReadOnlySpan<byte> bindings, long id)
    {
        foreach (var binding in new PackedBindings(bindings))
        {
            if (binding.Header.Id == id) return true;
        }

        return false;
    }

    /// <summary>Whose history it is: the user's of the digest; without readable credentials, the address-of-record's that the request names.</summary>
    private long OwnerOf(in SipUri named, RealmEntry realm, in DigestFinding finding)
    {
        if (!finding.UserName.IsEmpty) return finding.CredentialId;
        return AddressOfRecord.TryFindOwner(view, realm, named, out var owner) ? owner.Id : 0;
    }

    private static ReadOnlySpan<byte> UserNameOf(in SipRequest request, in DigestFinding finding, Span<byte> buffer) => finding.UserName.IsEmpty
        ? request.To.Uri.User
        : DigestAuthenticator.Unquote(finding.UserName[..Math.Min(finding.UserName.Length, buffer.Length)], buffer);

    private RegistrationOutcome EndOf(in PackedBinding binding, RegisterPolicy policy)
    {
        if (binding.Header.ExpiresAt <= clock.NowMs) return BindingEnds.ExpiryOf(binding);
        return policy.MadeRoom(binding.Header.Id) ? RegistrationOutcome.Replaced : RegistrationOutcome.Unregistered;
    }

    private void Note(in AorLease aor, in PackedBinding binding, in SipFlow flow, RegistrationOutcome? outcome) =>
        _changes.Add(new ContactChange(aor.RealmId, aor.CredentialId, outcome, flow, _octets.Keep(binding.Octets)));

    private void KeepExchange(in TraceSubject subject, in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        challenges.TraceBefore(request, subject);
        _exchanges.Add(new Exchange(subject, flow, _octets.Keep(request.Message.Octets), _octets.Keep(responder.Written)));
    }

    private void TraceBoth(in TraceSubject subject, in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        trace.Record(subject, TraceDirection.Received, flow, request.Message.Octets);
        trace.Record(subject, TraceDirection.Sent, flow, responder.Written);
    }

    private void Tell(bool isDurable)
    {
        foreach (var exchange in _exchanges)
        {
            trace.Record(exchange.Subject, TraceDirection.Received, exchange.Flow, _octets.WrittenSpan[exchange.Request]);
            if (isDurable) trace.Record(exchange.Subject, TraceDirection.Sent, exchange.Flow, _octets.WrittenSpan[exchange.Reply]); // else it becomes a 503
        }

        Span<byte> userName = stackalloc byte[RegistrationAttempt.MaxUserName];
        foreach (var change in _changes)
        {
            if (OutcomeOf(change, isDurable) is not { } outcome) continue;
            var binding = new PackedBinding(_octets.WrittenSpan[change.Binding]);
            history.Add(NewAttempt.Of(binding, outcome, Now, change.RealmId, change.CredentialId, change.Flow, view.Credentials, userName));
        }

        _exchanges.Clear();
        _changes.Clear();
        _octets.ResetWrittenCount();
    }

    /// <summary>What is told of a change; null for nothing. What the phone asked for has failed when it is not durable, and all else has not happened.</summary>
    private static RegistrationOutcome? OutcomeOf(in ContactChange change, bool isDurable)
    {
        if (isDurable) return change.Outcome;
        return change.Outcome is null or RegistrationOutcome.Registered or RegistrationOutcome.Unregistered ? RegistrationOutcome.StoreFailed : null;
    }

    /// <summary>What a request does to one contact.</summary>
    /// <param name="Outcome">Null for a refresh.</param>
    /// <param name="Binding">Where the packed binding is kept.</param>
    private readonly record struct ContactChange(long RealmId, long CredentialId, RegistrationOutcome? Outcome, SipFlow Flow, Range Binding);

    /// <summary>A request and its answer, to be traced.</summary>
    private readonly record struct Exchange(TraceSubject Subject, SipFlow Flow, Range Request, Range Reply);
}
