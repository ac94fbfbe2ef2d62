using Sipstead.Media.Detection;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Detection;

/// <summary>What createCall says of machine detection (voice-api.md 4.6).</summary>
/// <param name="Rules">When silence and speech decide.</param>
/// <param name="SilenceTimeout">From the answer; when nothing was said by then, the result is silence.</param>
/// <param name="Timeout">From the answer; the result comes by then at the latest.</param>
/// <param name="Targets">Where the result is told; null when the answer webhook waits for it and carries it.</param>
internal sealed record MachineDetection(MachineRules Rules, TimeSpan SilenceTimeout, TimeSpan Timeout, CallbackTargets? Targets);
