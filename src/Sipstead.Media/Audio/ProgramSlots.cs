namespace Sipstead.Media.Audio;

/// <summary>Lets so many processes run at once and so many callers wait for their turn, first come, first served; the next ones are turned away.</summary>
internal sealed class ProgramSlots(int parallel, int queue) : IDisposable
{
    private readonly SemaphoreSlim _free = new(parallel);
    private int _present;

    /// <summary>How many run or wait.</summary>
    public int Present => Volatile.Read(ref _present);

    /// <summary>False, at once, when as many wait as may. Each true needs a <see cref="Leave"/>.</summary>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _present) > parallel + queue)
        {
            Interlocked.Decrement(ref _present);
            return false;
        }

        try
        {
            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _present);
            throw;
        }
    }

    public void Leave()
    {
        _free.Release();
        Interlocked.Decrement(ref _present);
    }

    public void Dispose() => _free.Dispose();
}
