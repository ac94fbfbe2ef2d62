using Sipstead.Registrar.History;

namespace Sipstead.Dashboard.Devices;

/// <summary>One attempt, or the same over and over: a phone with a wrong password tries each minute, and shall not fill the page with it.</summary>
/// <param name="Last">The newest of them.</param>
/// <param name="First">When the oldest of them was.</param>
/// <param name="Count">How many there are.</param>
public sealed record AttemptRun(RegistrationAttempt Last, DateTimeOffset First, int Count)
{
    /// <summary>What happened, as a sentence.</summary>
    public string Reason => RegistrationOutcomes.ReasonOf(Last.Outcome);

    /// <summary>What to do about it.</summary>
    public string Advice => RegistrationOutcomes.AdviceOf(Last.Outcome);

    /// <summary>True when a request was refused.</summary>
    public bool IsRefusal => RegistrationOutcomes.IsRefusal(Last.Outcome);

    /// <summary>Puts neighbours together that differ in nothing but time and source port, which over TCP is another each time.</summary>
    /// <param name="attempts">Newest first.</param>
    internal static IReadOnlyList<AttemptRun> Of(IReadOnlyList<RegistrationAttempt> attempts)
    {
        var runs = new List<AttemptRun>();
        foreach (var attempt in attempts)
        {
            if (runs.Count > 0 && IsSame(runs[^1].Last, attempt)) runs[^1] = runs[^1] with { First = attempt.At, Count = runs[^1].Count + 1 };
            else runs.Add(new AttemptRun(attempt, attempt.At, 1));
        }

        return runs;
    }

    private static bool IsSame(RegistrationAttempt one, RegistrationAttempt other) =>
        one.Source.Bits == other.Source.Bits && one with { Number = other.Number, At = other.At, Source = other.Source } == other;
}
