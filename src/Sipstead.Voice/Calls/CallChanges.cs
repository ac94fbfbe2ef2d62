using Microsoft.Extensions.Logging;

namespace Sipstead.Voice.Calls;

/// <summary>Tells whoever looks on that the state of a call changed.</summary>
internal sealed class CallChanges(ILogger logger)
{
    /// <summary>Raised on the call's mailbox, outside of locks: handlers must be quick.</summary>
    public event Action<CallState>? Changed;

    /// <summary>Reports a state. A handler's failure is logged: it must neither end the call nor starve the other handlers.</summary>
    public void Report(CallState call)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                handler(call);
            }
#pragma warning disable CA1031 // any failure of who looks on
            catch (Exception failure)
#pragma warning restore CA1031
            {
                VoiceLog.ChangeHandlerFailed(logger, call.CallId, failure);
            }
        }
    }
}
