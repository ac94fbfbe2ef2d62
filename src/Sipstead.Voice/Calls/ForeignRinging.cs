using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>What <see cref="ForeignRinging"/> asks of its call.</summary>
internal interface IForeignCall
{
    /// <summary>Ends with the call.</summary>
    CancellationToken Ended { get; }

    /// <summary>The INVITE for a way; null when no port is left for media.</summary>
    OutboundInvite? Write(in SipFlow flow);

    /// <summary>Octets that it has on that way.</summary>
    int SizeOf(OutboundInvite invite, in SipFlow flow);

    OutboundSession Send(OutboundInvite invite, in SipFlow flow);

    /// <summary>Goes on with the next target: <see cref="ForeignRinging.TryNextAsync"/>.</summary>
    void GoOn();
}

/// <summary>
/// Rings a foreign host at one target after the other (RFC 3263 4.3): the next one, with an INVITE of its own, after 503, when the way fails, and when a target
/// has said nothing for 4 s, which is four INVITEs and shorter than 64*T1. What a target has answered is its host's word. Runs on the call's mailbox.
/// </summary>
internal sealed class ForeignRinging(IEnumerable<SipTarget> targets, bool isTransportGiven, ForeignRoutes routes, IForeignCall call, TimeProvider time, CallMailbox mailbox)
    : IRinging
{
    /// <summary>An INVITE with more octets goes over TCP where the URI asks for no transport (RFC 3261 18.1.1).</summary>
    internal const int LargestDatagram = 1300;

    /// <summary>A target that is there says 100 within a fraction of a second.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly LinkedList<(SipTarget Target, bool IsSettled)> _left = new(targets.Select(target => (target, isTransportGiven)));
    private (OutboundSession Session, SipTarget Target)? _current;
    private (int Status, string Reason)? _best;
    private ITimer? _patience;
    private bool _isOver;

    public (int Status, string Reason) Best => _best ?? (503, "Service Unavailable");

    /// <summary>True when a target gave a final answer.</summary>
    public bool HasAnswer => _best is not null;

    /// <summary>Rings the next target that there is a way to. False when there is none left, which is the end of the call.</summary>
    public async Task<bool> TryNextAsync()
    {
        while (!_isOver && _left.First is { } next)
        {
            _left.RemoveFirst();
            var (target, isSettled) = next.Value;
            if (await routes.ConnectAsync(target, call.Ended) is not { } flow || _isOver) continue;
            if (call.Write(flow) is not { } invite) return false;
            if (!isSettled && target.Transport == SipTransport.Udp && call.SizeOf(invite, flow) > LargestDatagram)
            {
                // Over TCP first, and as a datagram after all when there is no TCP.
                _left.AddFirst((target, true));
                _left.AddFirst((target with { Transport = SipTransport.Tcp }, true));
                continue;
            }

            Ring(target, call.Send(invite, flow));
            return true;
        }

        return _isOver;
    }

    /// <summary>Notes the response that refused a session of ours.</summary>
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
        if (status is not (408 or 503) || _left.Count == 0) return false;
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

    private void Ring(SipTarget target, OutboundSession session)
    {
        _current = (session, target);
        if (_left.Count > 0) _patience = time.CreateTimer(_ => mailbox.Post(() => GiveUpIfSilent(session)), null, Patience, Timeout.InfiniteTimeSpan);
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
