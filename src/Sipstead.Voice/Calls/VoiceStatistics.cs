namespace Sipstead.Voice.Calls;

/// <summary>Figures of an account's calls, at one moment.</summary>
/// <param name="Live">Calls that have not ended, queued ones included.</param>
/// <param name="Today">Calls that began since midnight, UTC.</param>
/// <param name="Window">How far back <paramref name="Failures"/> goes.</param>
/// <param name="Failures">
/// Calls that ended within the window otherwise than by <c>hangup</c> or <c>cancel</c>, by cause; of those that began a day before it at most.
/// </param>
public sealed record VoiceStatistics(int Live, int Today, TimeSpan Window, IReadOnlyDictionary<string, int> Failures)
{
    /// <summary>The longest call that counts when it fails.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromDays(1);

    /// <summary>Counts; the calls are those that began at <see cref="FirstBegin"/> or later.</summary>
    internal static VoiceStatistics Of(IEnumerable<CallState> calls, int live, DateTimeOffset now, TimeSpan window)
    {
        var (today, failures) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        foreach (var call in calls)
        {
            if (call.BeginTime >= MidnightOf(now)) today++;
            if (call.EndTime < now - window || !call.HasFailed) continue;
            failures[call.DisconnectCause!] = failures.GetValueOrDefault(call.DisconnectCause!) + 1;
        }

        return new VoiceStatistics(live, today, window, failures);
    }

    /// <summary>The earliest begin of a call that counts.</summary>
    internal static DateTimeOffset FirstBegin(DateTimeOffset now, TimeSpan window)
    {
        var first = now - window - LongestCall;
        return first < MidnightOf(now) ? first : MidnightOf(now);
    }

    private static DateTimeOffset MidnightOf(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);
}
