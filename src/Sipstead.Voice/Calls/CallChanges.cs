using Microsoft.Extensions.Logging;

namespace Sipstead.Voice.Calls;

/// <summary>The states of calls.</summary>
internal sealed class CallChanges(ILogger logger) : Changes<CallState>((call, failure) => VoiceLog.ChangeHandlerFailed(logger, call.CallId, failure));
