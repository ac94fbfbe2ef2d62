using Sipstead.Voice.Calls;

namespace Sipstead.Dashboard.Calls;

/// <summary>A step of a call's way.</summary>
/// <param name="Name">The state that began.</param>
/// <param name="Since">Since the first step; zero for the first.</param>
internal sealed record CallMoment(string Name, DateTimeOffset At, TimeSpan Since)
{
    /// <summary>The steps so far, in order.</summary>
    public static IReadOnlyList<CallMoment> Of(CallState call)
    {
        (string Name, DateTimeOffset? At)[] steps =
        [
            ("Queued", call.EnqueuedTime), ("Initiated", call.StartTime), ("Answered", call.AnswerTime), ("Disconnected", call.EndTime),
        ];
        return
        [
            .. from step in steps
               where step.At is not null
               let at = step.At.GetValueOrDefault()
               select new CallMoment(step.Name, at, at - (call.BeginTime ?? at)),
        ];
    }
}
