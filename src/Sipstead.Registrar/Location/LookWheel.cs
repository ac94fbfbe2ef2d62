namespace Sipstead.Registrar.Location;

/// <summary>
/// When which record is to be looked at: a wheel of seconds, each the head of a list that runs through the records themselves. A record stays where it is
/// filed while its time only moves away, so that a refresh touches nothing here; the look files it anew.
/// </summary>
/// <param name="nowMs">From when on looks are planned.</param>
internal sealed class LookWheel(RecordArena arena, long nowMs)
{
    /// <summary>Seconds of one turn, a power of two; what is due later stays for another turn.</summary>
    private const int Seconds = 512;

    private readonly int[] _heads = new int[Seconds];

    /// <summary>The second up to which all was taken; more may be due in it.</summary>
    private long _now = nowMs / 1000;

    /// <summary>Plans a look at a record, unless one is planned earlier.</summary>
    public void Plan(int reference, long at)
    {
        ref var header = ref arena[reference].Header;
        if (at >= header.LookAt) return;
        Cancel(reference);
        header.LookAt = Math.Max(at, _now * 1000);
        File(reference);
    }

    /// <summary>Takes a record out.</summary>
    public void Cancel(int reference)
    {
        ref var header = ref arena[reference].Header;
        if (header.LookAt == long.MaxValue) return;
        if (header.Next != 0) arena[header.Next].Header.Previous = header.Previous;
        if (header.Previous != 0) arena[header.Previous].Header.Next = header.Next;
        else _heads[BucketOf(header.LookAt)] = header.Next;
        Clear(ref header);
    }

    /// <summary>Notes that a record is elsewhere now.</summary>
    public void Moved(int reference)
    {
        ref var header = ref arena[reference].Header;
        if (header.LookAt == long.MaxValue) return;
        if (header.Next != 0) arena[header.Next].Header.Previous = reference;
        if (header.Previous != 0) arena[header.Previous].Header.Next = reference;
        else _heads[BucketOf(header.LookAt)] = reference;
    }

    /// <summary>Takes out the records whose look is due.</summary>
    public void TakeDue(long nowMs, List<int> due)
    {
        var last = nowMs / 1000;
        for (var second = Math.Max(_now, last - Seconds + 1); second <= last; second++)
        {
            var reference = _heads[second & (Seconds - 1)];
            while (reference != 0)
            {
                ref var header = ref arena[reference].Header;
                var next = header.Next;
                if (header.LookAt <= nowMs)
                {
                    due.Add(reference);
                    Cancel(reference);
                }

                reference = next;
            }
        }

        _now = last;
    }

    private static int BucketOf(long at) => (int)((at / 1000) & (Seconds - 1));

    private static void Clear(ref AorHeader header) => (header.LookAt, header.Next, header.Previous) = (long.MaxValue, 0, 0);

    private void File(int reference)
    {
        ref var header = ref arena[reference].Header;
        ref var head = ref _heads[BucketOf(header.LookAt)];
        (header.Next, header.Previous) = (head, 0);
        if (head != 0) arena[head].Header.Previous = reference;
        head = reference;
    }
}
