namespace Sipstead.Voice.Calls;

/// <summary>Tells whoever looks on that a state changed.</summary>
/// <param name="failed">Told of a handler's failure, which must neither end what changed nor starve the other handlers.</param>
internal abstract class Changes<T>(Action<T, Exception> failed)
{
    /// <summary>Raised on the mailbox of what changed, outside of locks: handlers must be quick.</summary>
    public event Action<T>? Changed;

    /// <summary>Reports a state.</summary>
    public void Report(T state)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                handler(state);
            }
#pragma warning disable CA1031 // any failure of who looks on
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failed(state, failure);
            }
        }
    }
}
