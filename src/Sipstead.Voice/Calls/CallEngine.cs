using System.Globalization;
using Sipstead.Media;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Calls;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Calls;

/// <summary>Where calls begin: those that the API makes, those of devices, and those that come in by trunks.</summary>
internal sealed class CallEngine(CallServices services) : IDeviceCalls
{
    private const string RetryAfterSeconds = "5";

    private volatile bool _isClosed;

    /// <summary>Makes no more calls.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Makes an outbound call, unless a limit forbids it.</summary>
    public CallAdmission TryCreate(NewCall wish, out OutboundCall call)
    {
        call = new OutboundCall(services, wish);
        var admission = _isClosed ? CallAdmission.ServerCalls : services.Traffic.Admit(call, wish.Priority);
        if (admission == CallAdmission.Admitted) services.Metrics.Created("outbound");
        return admission;
    }

    /// <summary>Takes a device's call off the receiving loop.</summary>
    public void Receive(long accountId, long realmId, long credentialId, InboundSession session) =>
        ThreadPool.UnsafeQueueUserWorkItem(_ => Begin(accountId, realmId, credentialId, session), null);

    /// <summary>Takes a call of a trunk off the receiving loop.</summary>
    public void Receive(TrunkCall call, InboundSession session) => ThreadPool.UnsafeQueueUserWorkItem(_ => Begin(call, session), null);

    private void Begin(long accountId, long realmId, long credentialId, InboundSession session)
    {
        if (!CallingUser.TryFind(services.View, realmId, credentialId, out var user))
        {
            VoiceLog.NoApplication(services.Logger, credentialId, realmId);
            session.Reject(480, "No Application Takes Calls Of This User");
            return;
        }

        var state = StateOf(accountId, user.Application, user.Uri, Dialled.Of(session.Invite.RequestUri));
        Admit(new Arrival(session, InviteHeaders.Read(session.Invite)), user.Application, user.MediaEncryption, state);
    }

    private void Begin(TrunkCall call, InboundSession session)
    {
        var (trunk, invite) = (call.Trunk, session.Invite);
        if (!services.View.Applications.TryFind(call.ApplicationId, out var application))
        {
            VoiceLog.NoApplicationOfTrunk(services.Logger, trunk.Name, trunk.Id, trunk.AccountId, call.ApplicationId);
            session.Reject(480, "No Application Takes Calls To This Number");
            return;
        }

        services.Metrics.TrunkCalled(trunk.Id, "inbound");
        var brought = InviteHeaders.Read(invite);
        var state = StateOf(trunk.AccountId, application, TrunkCaller.Of(invite, brought.IsPrivate), call.Dialled) with
        {
            StirShaken = StirShaken.Read(invite), Identity = StirShaken.IdentityOf(invite),
        };
        Admit(new Arrival(session, brought, trunk.Name), application, MediaEncryption.Optional, state);
    }

    private void Admit(Arrival arrival, ApplicationEntry application, MediaEncryption encryption, CallState state)
    {
        var admission = _isClosed ? CallAdmission.ServerCalls : services.Traffic.AdmitInbound(state.AccountId);
        if (admission == CallAdmission.Admitted) Begin(arrival, application, encryption, state);
        else Refuse(arrival.Session, state, 503);
    }

    /// <summary>Begins an admitted call.</summary>
    private void Begin(Arrival arrival, ApplicationEntry application, MediaEncryption encryption, CallState state)
    {
        var session = arrival.Session;
        if (LegProtection.Of(session.Flow.Transport, encryption) is not { } protection)
        {
            Withdraw(session, state, LegProtection.NeedsTls.Status, SipWarning.Of(LegProtection.NeedsTls));
            return;
        }

        MediaSession? media = null;
        try
        {
            media = OpenMedia(session.Flow, protection);
            if (media is null)
            {
                Withdraw(session, state, 503);
                return;
            }

            var offer = MultipartBody.Find(session.Invite, "application/sdp"u8);
            var answer = session.Invite.Body.IsEmpty ? new MediaAnswer(media.CreateOffer(), null) : media.Answer(offer);
            if (answer.Sdp is { } sdp)
            {
                Start(session, new InboundCall(services, state, CallTargets.Of(application), arrival, media, sdp));
                return;
            }

            media.Dispose();
            Withdraw(session, state, answer.Refusal!.Status, SipWarning.Of(answer.Refusal));
        }
#pragma warning disable CA1031 // a defect of ours fails this call, not the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.BeginFailed(services.Logger, state.From, e);
            media?.Dispose();
            Withdraw(session, state, 500);
        }
    }

    private MediaSession? OpenMedia(in SipFlow flow, MediaProtection protection)
    {
        var media = services.Media.TryOpen(flow.Local.ToIPAddress(), services.Addresses.AdvertisedFor(flow), protection);
        media?.ExpectFrom(flow.Source.ToIPAddress());
        return media;
    }

    private void Start(InboundSession session, InboundCall call)
    {
        services.Registry.Add(call);
        services.Metrics.Created("inbound");
        services.Metrics.Started();
        call.Announce();
        session.Attach(call); // may tell at once that the caller has given up
        call.Start();
    }

    /// <summary>Refuses what was admitted and cannot become a call.</summary>
    private void Withdraw(InboundSession session, CallState state, int status, string? warning = null)
    {
        services.Traffic.Withdrawn(state.AccountId);
        Refuse(session, state, status, warning);
    }

    /// <summary>Refuses a call; the application hears nothing of it.</summary>
    private void Refuse(InboundSession session, CallState state, int status, string? warning = null)
    {
        VoiceLog.CallRefused(services.Logger, state.From, status, warning);
        var headers = new List<(string, string)>();
        if (warning is not null) headers.Add(("Warning", warning));
        if (status == 503) headers.Add(("Retry-After", RetryAfterSeconds));
        session.Reject(status, null, headers);
    }

    private CallState StateOf(long accountId, ApplicationEntry application, string from, string to)
    {
        var now = services.Time.GetUtcNow();
        return new CallState
        {
            CallId = CallId.Create(), AccountId = accountId.ToString(CultureInfo.InvariantCulture), ApplicationId = application.Id.ToString(),
            From = from, To = to, Direction = CallDirection.Inbound, BaseUrl = services.Options.BaseUrl,
            Phase = CallPhase.Initiated, StartTime = now, LastUpdate = now,
        };
    }
}
