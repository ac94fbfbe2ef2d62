using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;

namespace Sipstead.Testing.Sip;

/// <summary>Notes in words what sessions tell.</summary>
public sealed class ListenerLog : ISessionListener
{
    private readonly Lock _gate = new();
    private readonly List<string> _events = [];

    /// <summary>Everything told, in order.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_gate) return [.. _events];
        }
    }

    /// <summary>What to do within <see cref="OnOffer"/> or <see cref="OnAnswered"/>.</summary>
    public Action<InviteSession>? Reaction { get; set; }

    /// <summary>What a session is described with when it is refreshed.</summary>
    public string Description { get; set; } = "";

    public ReadOnlyMemory<byte> Describe(InviteSession session) => Encoding.Latin1.GetBytes(Description);

    public void OnProvisional(OutboundSession session, int status, ReadOnlyMemory<byte> body) => Note($"provisional {status}", body);

    public void OnAnswered(OutboundSession session, ReadOnlyMemory<byte> body, SipMessage response)
    {
        Note("answered", body);
        Reaction?.Invoke(session);
    }

    public void OnFailed(OutboundSession session, int status, string reason, SipMessage? response) => Note($"failed {status} {reason}");

    public void OnCancelled(InboundSession session) => Note("cancelled");

    public void OnEarlyAnswer(InboundSession session, ReadOnlyMemory<byte> body) => Note("early answer", body);

    public void OnConfirmed(InboundSession session, ReadOnlyMemory<byte> body) => Note("confirmed", body);

    public void OnOffer(InviteSession session, ReadOnlyMemory<byte> body)
    {
        Note("offer", body);
        Reaction?.Invoke(session);
    }

    public void OnOfferConfirmed(InviteSession session, ReadOnlyMemory<byte> body) => Note("offer confirmed", body);

    public void OnOfferAnswered(InviteSession session, ReadOnlyMemory<byte> body) => Note("offer answered", body);

    public void OnOfferRefused(InviteSession session, int status) => Note($"offer refused {status}");

    public void OnInfo(InviteSession session, ReadOnlyMemory<byte> contentType, ReadOnlyMemory<byte> body) =>
        Note($"info {Encoding.Latin1.GetString(contentType.Span)}", body);

    /// <summary>The REFERs of the peer, none of which is answered.</summary>
    public List<Referral> Referrals { get; } = [];

    public void OnRefer(InviteSession session, Referral referral) => Referrals.Add(referral);

    public void OnReferAnswered(InviteSession session, int status) => Note($"refer answered {status}");

    public void OnReferProgress(InviteSession session, int status, bool isLast) => Note($"refer {status}{(isLast ? " last" : "")}");

    public void OnEnded(InviteSession session, SessionEnd end) => Note($"ended {end}");

    private void Note(string text, ReadOnlyMemory<byte> body = default)
    {
        lock (_gate) _events.Add(body.IsEmpty ? text : $"{text}: {Encoding.Latin1.GetString(body.Span)}");
    }
}
