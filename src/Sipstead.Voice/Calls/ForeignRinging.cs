using Sipstead.Sip.Locating;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>What <see cref="ForeignRinging"/> asks of its call.</summary>
internal interface IForeignCall
{
    string Id { get; }

    /// <summary>Ends with the call.</summary>
    CancellationToken Ended { get; }

    /// <summary>True once a phone has begun to ring.</summary>
    bool HasRung { get; }

    /// <summary>True when no port was left for media, so that no other way is of use.</summary>
    bool LacksPort { get; }

    /// <summary>The INVITE for a way; null when no port is left for media.</summary>
    OutboundInvite? Write(ForeignParty party, in SipFlow flow);

    /// <summary>Octets that it has on that way.</summary>
    int SizeOf(OutboundInvite invite, in SipFlow flow);

    OutboundSession Send(ForeignParty party, OutboundInvite invite, in SipFlow flow);

    /// <summary>Goes on with the next target: <see cref="ForeignRinging.TryNextAsync"/>.</summary>
    void GoOn();
}

/// <summary>
/// Rings a foreign host at one target after the other (RFC 3263 4.3): the next one, with an INVITE of its own, after 503, when the way fails, and when a target
/// has said nothing for 4 s, which is four INVITEs and shorter than 64*T1. What a target has answered is its host's word, and so is all once a phone has rung.
/// Runs on the call's mailbox.
/// </summary>
internal sealed class ForeignRinging(ForeignParty party, ForeignRoutes routes, IForeignCall call, TimeProvider time, CallMailbox mailbox) : ILocatedRinging
{
    /// <summary>An INVITE with more octets goes over TCP where the URI asks for no transport (RFC 3261 18.1.1).</summary>
    internal const int LargestDatagram = 1300;

    /// <summary>A target that is there says 100 within a fraction of a second.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly LinkedList<(SipTarget Target, bool IsSettled)> _left = [];
    private SipLocation? _location;
    private (OutboundSession Session, SipTarget Target)? _current;
    private (int Status, string Reason)? _best;
    private ITimer? _patience;
    private bool _isOver;

    public (int Status, string Reason) Best => _best ?? (503, "Service Unavailable");

    public bool HasAnswer => _best is not null;

    public string Problem => $"{party.Target.Host} {(_location is { Targets.Count: 0 } ? _location.Words : "cannot be reached")}";

    /// <summary>Whether others are tried when this host is silent, so that its last target is not waited for either.</summary>
    public bool HasAlternative { get; init; }

    public async Task<bool> TryNextAsync()
    {
        if (_location is null) await LocateAsync();
        while (!_isOver && _left.First is { } next)
        {
            _left.RemoveFirst();
            var (target, isSettled) = next.Value;
            if (await routes.ConnectAsync(target, call.Ended) is not { } flow || _isOver) continue;
            if (call.Write(party, flow) is not { } invite) return false;
            if (!isSettled && target.Transport == SipTransport.Udp && call.SizeOf(invite, flow) > LargestDatagram)
            {
                // Over TCP first, and as a datagram after all when there is no TCP.
                _left.AddFirst((target, true));
                _left.AddFirst((target with { Transport = SipTransport.Tcp }, true));
                continue;
            }

            Ring(target, call.Send(party, invite, flow));
            return true;
        }

        return _isOver;
    }

    public void Note(OutboundSession session, SipMessage refusal)
    {
        if (_current is { } current && current.Session == session) routes.Note(current.Target, refusal);
    }

    public void GoOnAfterSilence()
    {
        // A target that is there may take long to reach a phone; one that is not was given up before.
    }

    public bool GoesOnAfter(OutboundSession session, int status, string reason)
    {
        if (_isOver || _current?.Session != session) return !_isOver;
        _best = (status, reason);
        Forget();
        if (status is not (408 or 503) || call.HasRung || _left.Count == 0) return false;
        call.GoOn();
        return true;
    }

    public void Win(OutboundSession winner)
    {
        _isOver = true;
        if (_current?.Session is { } other && other != winner) other.Cancel();
        Forget();
    }

    public void CancelAll(string? reason = null)
    {
        _isOver = true;
        _current?.Session.Cancel(reason);
        Forget();
    }

    private async Task LocateAsync()
    {
        _location = await routes.LocateAsync(party.Target, call.Ended);
        foreach (var target in _location.Targets) _left.AddLast((target, party.Target.Transport is not null));
    }

    private void Ring(SipTarget target, OutboundSession session)
    {
        _current = (session, target);
        if (_left.Count > 0 || HasAlternative) _patience = time.CreateTimer(_ => mailbox.Post(() => GiveUpIfSilent(session)), null, Patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Should it be there after all, its answer is ended at once.</summary>
    private void GiveUpIfSilent(OutboundSession session)
    {
        if (_isOver || _current?.Session != session || session.IsProceeding) return;
        Forget();
        session.Cancel();
        call.GoOn();
    }

    private void Forget()
    {
        _current = null;
        _patience?.Dispose();
        _patience = null;
    }
}
