using Sipstead.Sip.Dialogs;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// The early dialogs of an INVITE of ours, one for each fork that rings (RFC 3261 12.1.2), bounded. Each has its own sequence of reliable provisional
/// responses (RFC 3262 4).
/// </summary>
internal sealed class EarlyDialogs(SessionLayer layer, InviteSession session)
{
    /// <summary>Forks that are followed; those beyond ring, and nothing within their dialogs is taken before they answer.</summary>
    private const int Capacity = 8;

    private readonly List<EarlyDialog> _all = [];

    /// <summary>The only one; null when there are none or several.</summary>
    public EarlyDialog? Only => _all is [var only] ? only : null;

    public EarlyDialog? Find(UInt128 key) => _all.Find(early => early.Dialog.Key == key);

    /// <summary>The dialog that a provisional response makes or is of; null when it makes none, or there are too many.</summary>
    public EarlyDialog? Take(Dialog dialog)
    {
        if (Find(dialog.Key) is { } known) return known;
        if (_all.Count >= Capacity || !layer.Dialogs.TryAdd(dialog.Key, session))
        {
            layer.Metrics.Dropped("early fork");
            return null;
        }

        var early = new EarlyDialog(dialog);
        _all.Add(early);
        return early;
    }

    /// <summary>Takes no more requests within them, but for the one that goes on as that of the session. Their numbers are kept, for a BYE.</summary>
    public void Release(UInt128? kept = null)
    {
        foreach (var early in _all)
        {
            if (early.Dialog.Key != kept) layer.Dialogs.Remove(early.Dialog.Key, session);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Release();
        _all.Clear();
    }
}

/// <summary>One early dialog of an INVITE of ours.</summary>
internal sealed class EarlyDialog(Dialog dialog)
{
    private uint _sequence;

    public Dialog Dialog { get; } = dialog;

    /// <summary>The answer to our offer, once it came reliably; further descriptions are no answers (RFC 3261 13.2.1).</summary>
    public ReadOnlyMemory<byte> Answer { get; set; }

    /// <summary>Takes the RSeq of a reliable response: the first, then each by one more. A repeat, or one that overtook another, is not taken (RFC 3262 4).</summary>
    public bool TryTake(uint sequence)
    {
        if (sequence == 0 || (_sequence != 0 && sequence != _sequence + 1)) return false;
        _sequence = sequence;
        return true;
    }
}
