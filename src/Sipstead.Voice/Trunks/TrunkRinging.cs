using System.Globalization;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Trunks;

/// <summary>
/// Rings a number over one trunk after the other, each at its targets as any foreign host. The next trunk is tried when a trunk cannot be reached, is silent
/// or says that it cannot route the call, and never once a phone may have rung. What it says of the callee is final. Runs on the call's mailbox.
/// </summary>
internal sealed class TrunkRinging(Destination.Trunk destination, NewCall wish, CallServices services, IForeignCall call, CallMailbox mailbox) : ILocatedRinging
{
    private readonly Queue<TrunkEntry> _left = new(destination.Trunks);
    private readonly List<string> _problems = [];
    private TrunkEntry? _trunk;
    private ForeignRinging? _current;
    private (int Status, string Reason)? _best;
    private bool _isOver;

    public (int Status, string Reason) Best => _best ?? (503, "Service Unavailable");

    public bool HasAnswer => _best is not null;

    public string Problem => string.Join("; ", _problems);

    public (string Cause, string? Message) End
    {
        get
        {
            var (status, reason) = Best;
            if (status is 401 or 407) return (CallCause.Error, $"Trunk {_trunk!.Name} {WordsOfChallenge} ({status})");
            var cause = CallCause.Of(status);
            return (cause, cause == CallCause.Error ? $"Trunk {_trunk!.Name} could not take the call: {status} {reason}" : CallCause.Explain(status, reason));
        }
    }

    private string WordsOfChallenge => _trunk!.Credentials is null ? "asks for a user name and password: enter them" : "does not accept its user name and password";

    public async Task<bool> TryNextAsync()
    {
        while (!_isOver)
        {
            if (_current is { } current)
            {
                if (await current.TryNextAsync()) return true;
                if (call.LacksPort) return false;
                if (_current != current) continue; // an answer of it was faster
                if (!current.HasAnswer) NoteUnreached(current.Problem);
                _current = null;
            }

            if (_isOver) break;
            if (!_left.TryDequeue(out var next)) return false;
            Take(next);
        }

        return true;
    }

    public void Note(OutboundSession session, SipMessage refusal) => _current?.Note(session, refusal);

    public void GoOnAfterSilence()
    {
        // A trunk that is there may take long to reach a phone; one that is not was given up before.
    }

    public bool GoesOnAfter(OutboundSession session, int status, string reason)
    {
        if (_isOver || _current is null) return !_isOver;
        if (_current.GoesOnAfter(session, status, reason)) return true;
        _best = (status, reason);
        if (status is 401 or 407) VoiceLog.TrunkRefusedLogin(services.Logger, _trunk!.Name, _trunk.Id, _trunk.AccountId, WordsOfChallenge, status);
        if (SpeaksOfTheRoute(status) || status is 401 or 407) services.Metrics.TrunkFailed(_trunk!.Id, status);
        if (!SpeaksOfTheRoute(status) || call.HasRung || _left.Count == 0) return false;
        LogNext(string.Create(CultureInfo.InvariantCulture, $"it answered {status}"));
        _current = null;
        call.GoOn();
        return true;
    }

    public void Win(OutboundSession winner)
    {
        _isOver = true;
        _current?.Win(winner);
    }

    public void CancelAll(string? reason = null)
    {
        _isOver = true;
        _current?.CancelAll(reason);
    }

    /// <summary>That the trunk, or what is behind it, cannot take this call; another one may. 501 and the like speak of the call itself.</summary>
    private static bool SpeaksOfTheRoute(int status) => status is 408 or 500 or 502 or 503 or 504;

    private void Take(TrunkEntry trunk)
    {
        _trunk = trunk;
        var login = trunk.Credentials is { } credentials ? new DigestLogin(credentials.UserId, credentials.Password) : null;
        var party = new ForeignParty(
            TrunkAddress.DestinationOf(trunk),
            offer => OutboundInvites.ToTrunk(wish, TrunkAddress.UriOf(trunk, destination.User), TrunkAddress.HostOf(trunk), offer) with { Login = login },
            trunk.Name);
        _current = new ForeignRinging(party, services.Routes, call, services.Time, mailbox) { HasAlternative = _left.Count > 0 };
        services.Metrics.TrunkCalled(trunk.Id, "outbound");
    }

    private void NoteUnreached(string problem)
    {
        _problems.Add($"Trunk {_trunk!.Name}: {problem}");
        services.Metrics.TrunkFailed(_trunk.Id, status: null);
        if (_left.Count > 0) LogNext(problem);
    }

    /// <param name="problem">Without words of the far end, which a log must not repeat (S-37).</param>
    private void LogNext(string problem) =>
        VoiceLog.TrunkPassedOver(services.Logger, call.Id, _left.Peek().Name, _trunk!.Name, _trunk.Id, _trunk.AccountId, problem);
}
