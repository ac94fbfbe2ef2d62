using Microsoft.Extensions.Logging;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Conferences;

/// <summary>The states of conferences.</summary>
internal sealed class ConferenceChanges(ILogger logger)
    : Changes<ConferenceState>((conference, failure) => VoiceLog.ConferenceHandlerFailed(logger, conference.ConferenceId, failure));
