namespace Sipstead.Media;

/// <summary>What is attached to an audio track. Added and removed from any thread, read by the media clock, which takes no lock.</summary>
internal sealed class Attachments<T>
    where T : class
{
    private readonly Lock _changing = new();
    private volatile T[] _all = [];

    /// <summary>What is attached now, in the order it came; later changes do not show in it.</summary>
    public ReadOnlySpan<T> All => _all;

    /// <summary>Attaches one until it is removed or the result is disposed.</summary>
    public IDisposable Add(T attached)
    {
        lock (_changing) _all = [.. _all, attached];
        return new Removal(this, attached);
    }

    public void Remove(T attached)
    {
        lock (_changing) _all = [.. _all.Where(other => other != attached)];
    }

    public void Clear()
    {
        lock (_changing) _all = [];
    }

    private sealed class Removal(Attachments<T> attachments, T attached) : IDisposable
    {
        public void Dispose() => attachments.Remove(attached);
    }
}
