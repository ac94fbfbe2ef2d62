using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>
/// Rings the devices of a plan, on the call's mailbox: the first answer wins and the others are cancelled. A branch that fails in a way that speaks of the
/// flow goes on with the device's next flow; one dead binding never fails the call.
/// </summary>
internal sealed class Fork : IRinging
{
    /// <summary>Tells a device that loses to another that it missed nothing (RFC 3326).</summary>
    internal const string CompletedElsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";

    private readonly Queue<IReadOnlyList<IReadOnlyList<Func<OutboundSession?>>>> _groups;
    private readonly List<Branch> _branches = [];
    private int? _best;
    private bool _isOver;

    /// <summary>Plans to ring groups of devices one after the other, each device over its flows one after the other; a flow is a way to send the INVITE.</summary>
    public Fork(IEnumerable<IReadOnlyList<IReadOnlyList<Func<OutboundSession?>>>> groups) => _groups = new(groups);

    /// <summary>One device.</summary>
    private sealed class Branch(IReadOnlyList<Func<OutboundSession?>> flows)
    {
        public Queue<Func<OutboundSession?>> Flows { get; } = new(flows);

        public OutboundSession? Session { get; set; }
    }

    /// <summary>The best of the final answers so far (RFC 3261 16.7): the lowest class, and what tells most.</summary>
    public (int Status, string Reason) Best { get; private set; } = (408, "Request Timeout");

    /// <summary>Rings the next group. False when there is none left.</summary>
    public bool RingNextGroup()
    {
        while (!_isOver && _groups.TryDequeue(out var devices))
        {
            var group = devices.Select(flows => new Branch(flows)).ToList();
            _branches.AddRange(group);
            foreach (var branch in group) TryNextFlow(branch);
            if (group.Exists(_branches.Contains)) return true;
        }

        return false;
    }

    /// <summary>
    /// Goes on where nothing has rung for a while, so that a dead binding does not use up the time to ring: each device over its next flow, and where no
    /// device has one, the next group rings as well.
    /// </summary>
    public void GoOnAfterSilence()
    {
        var silent = _branches.FindAll(branch => branch.Flows.Count > 0);
        foreach (var branch in silent)
        {
            branch.Session?.Cancel();
            TryNextFlow(branch);
        }

        if (silent.Count == 0) RingNextGroup();
    }

    /// <summary>Notes a final answer that is no 2xx. True while anything still rings.</summary>
    public bool GoesOnAfter(OutboundSession session, int status, string reason)
    {
        if (_branches.Find(branch => branch.Session == session) is not { } failed) return !_isOver;
        if (_best is null || RankOf(status) < RankOf(_best.Value)) (_best, Best) = (status, (status, reason));
        if (status >= 600) CancelAll();
        if (_isOver) return false;
        failed.Session = null;
        if (SpeaksOfTheFlow(status)) TryNextFlow(failed);
        else _branches.Remove(failed);
        return _branches.Count > 0 || RingNextGroup();
    }

    /// <summary>The session won: all others are cancelled.</summary>
    public void Win(OutboundSession winner)
    {
        _isOver = true;
        foreach (var branch in _branches.Where(branch => branch.Session != winner)) branch.Session?.Cancel(CompletedElsewhere);
        _branches.Clear();
    }

    public void CancelAll(string? reason = null)
    {
        _isOver = true;
        foreach (var branch in _branches) branch.Session?.Cancel(reason);
        _branches.Clear();
    }

    private void TryNextFlow(Branch branch)
    {
        while (branch.Flows.TryDequeue(out var invite))
        {
            branch.Session = invite();
            if (branch.Session is not null) return;
        }

        _branches.Remove(branch);
    }

    /// <summary>Time-outs and transport failures are of the flow, everything else is the device's own word.</summary>
    private static bool SpeaksOfTheFlow(int status) => status is 408 or 430 or 503;

    /// <summary>6xx decides for all devices; a device's own word tells more than silence.</summary>
    private static int RankOf(int status) => status switch
    {
        >= 600 => 0,
        486 => 1,
        408 or 430 or 503 => 1000,
        _ => status,
    };
}
