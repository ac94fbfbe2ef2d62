using System.Collections.Concurrent;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Dialogs;

/// <summary>Finds the session that a request within a dialog belongs to (RFC 3261 12.2.2), and bounds how many dialogs there are.</summary>
internal sealed class DialogTable(int limit, SipMetrics metrics)
{
    private readonly ConcurrentDictionary<UInt128, InviteSession> _sessions = new();
    private int _count;

    /// <summary>Live dialogs.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsFull => Count >= limit;

    /// <summary>Takes up a dialog. False when its tags are in use. Whoever starts a session asks <see cref="IsFull"/> first.</summary>
    public bool TryAdd(UInt128 key, InviteSession session)
    {
        if (!_sessions.TryAdd(key, session)) return false;
        Interlocked.Increment(ref _count);
        metrics.DialogStarted();
        return true;
    }

    public void Remove(UInt128 key, InviteSession session)
    {
        if (!_sessions.TryRemove(new(key, session))) return;
        Interlocked.Decrement(ref _count);
        metrics.DialogEnded();
    }

    /// <summary>The session of a dialog; null when there is none.</summary>
    public InviteSession? Find(UInt128 key) => _sessions.GetValueOrDefault(key);

    /// <summary>The session whose dialog the request names; null when there is none.</summary>
    /// <param name="key">The dialog that it names.</param>
    public InviteSession? Find(in SipRequest request, out UInt128 key)
    {
        key = MessageKeys.OfDialog(request.CallId, request.To.Tag, request.From.Tag);
        return Find(key);
    }
}
