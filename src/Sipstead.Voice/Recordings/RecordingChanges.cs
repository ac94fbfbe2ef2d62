using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Recordings;

/// <summary>The states of recordings.</summary>
internal sealed class RecordingChanges(ILogger logger)
    : Changes<RecordingDetails>((recording, failure) => VoiceLog.RecordingHandlerFailed(logger, recording.RecordingId, failure));
