using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Recordings;

namespace Sipstead.Voice.Recordings;

/// <summary>Tells whoever looks on that a recording changed.</summary>
internal sealed class RecordingChanges(ILogger logger)
{
    /// <summary>Raised outside of locks: handlers must be quick.</summary>
    public event Action<RecordingDetails>? Changed;

    /// <summary>Reports how a recording is now. A handler's failure is logged, and no other handler's business.</summary>
    public void Report(RecordingDetails recording)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                handler(recording);
            }
#pragma warning disable CA1031 // any failure of who looks on
            catch (Exception failure)
#pragma warning restore CA1031
            {
                VoiceLog.RecordingHandlerFailed(logger, recording.RecordingId, failure);
            }
        }
    }
}
