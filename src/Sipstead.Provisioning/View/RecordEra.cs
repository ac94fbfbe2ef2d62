namespace Sipstead.Provisioning.View;

/// <summary>
/// Tells readers, who take no lock, whether places may have been written anew under their eyes. A writer starts an era after records
/// have left the indexes and before their places are used again: what was read within one era was not torn. Readers never wait for a
/// writer, and read once more only when one has reused places meanwhile, which it does many at a time.
/// </summary>
internal sealed class RecordEra
{
    private long _value;

    /// <summary>The era that a reader starts in.</summary>
    public long Current => Volatile.Read(ref _value);

    /// <summary>Whether all that was read since an era was <see cref="Current"/> is of that era.</summary>
    public bool IsStill(long era)
    {
        Volatile.ReadBarrier();
        return _value == era;
    }

    public void Next()
    {
        Volatile.Write(ref _value, _value + 1);
        Volatile.WriteBarrier();
    }
}
