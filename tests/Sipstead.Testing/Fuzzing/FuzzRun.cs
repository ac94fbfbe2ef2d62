using System.Globalization;
using Xunit.Sdk;

namespace Sipstead.Testing.Fuzzing;

/// <summary>
/// Shows damaged messages to a check: a fixed number with a fixed seed, so that a test is the same each time, or as long as SIPSTEAD_FUZZ_SECONDS says, with
/// the seed of SIPSTEAD_FUZZ_SEED (see bench/fuzz/run). A failure names seed and number of its input, and the input.
/// </summary>
public static class FuzzRun
{
    /// <summary>What one input may take before it counts as a hang, when it takes that each time it is tried.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly int? Seconds = Number("SIPSTEAD_FUZZ_SECONDS");

    private static readonly int Seed = Number("SIPSTEAD_FUZZ_SEED") ?? 1;

    /// <summary>Runs a target. Its report goes to the file that SIPSTEAD_FUZZ_REPORT names.</summary>
    /// <param name="target">Its name, for the report.</param>
    /// <param name="corpus">Messages to damage; they are shown undamaged first.</param>
    /// <param name="count">Inputs when no time is set.</param>
    /// <param name="check">Throws for what must not be.</param>
    public static void Over(string target, IReadOnlyList<byte[]> corpus, int count, Action<byte[]> check)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(check);
        foreach (var octets in corpus) Show(target, -1, octets, check);
        var started = TimeProvider.System.GetTimestamp();
        var slowest = TimeSpan.Zero;
        var at = 0;
        for (; Seconds is null ? at < count : TimeProvider.System.GetElapsedTime(started).TotalSeconds < Seconds; at++)
        {
            var took = Show(target, at, Mutations.Apply(corpus, new Random(HashOf(at))), check);
            if (took > slowest) slowest = took;
        }

        Report(target, at, TimeProvider.System.GetElapsedTime(started), slowest);
    }

    /// <summary>Shows inputs that are made one after the other, such as every prefix; the same whatever is set.</summary>
    public static void Each(string target, IEnumerable<byte[]> inputs, Action<byte[]> check)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(check);
        var at = 0;
        foreach (var octets in inputs) Show(target, at++, octets, check);
    }

    private static TimeSpan Show(string target, int number, byte[] octets, Action<byte[]> check)
    {
        try
        {
            var took = Time(octets, check);
            for (var again = 0; took > Patience; again++) // the machine may have been busy elsewhere
            {
                if (again == 5) throw new TimeoutException($"It took {took.TotalMilliseconds:F0} ms each time.");
                took = Time(octets, check);
            }

            return took;
        }
        catch (Exception e)
        {
            throw new XunitException($"{target}, seed {Seed}, input {number}: {e.Message}\n{Convert.ToBase64String(octets)}", e);
        }
    }

    private static TimeSpan Time(byte[] octets, Action<byte[]> check)
    {
        var started = TimeProvider.System.GetTimestamp();
        check(octets);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static int HashOf(int number) => unchecked((int)((uint)(number * 2654435761) ^ (uint)(Seed * 40503)));

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Report(string target, int inputs, TimeSpan took, TimeSpan slowest)
    {
        if (Environment.GetEnvironmentVariable("SIPSTEAD_FUZZ_REPORT") is not { Length: > 0 } file) return;
        File.AppendAllText(file, string.Create(
            CultureInfo.InvariantCulture, $"{target}: {inputs} inputs in {took.TotalSeconds:F1} s, seed {Seed}, slowest {slowest.TotalMilliseconds:F1} ms, none failed\n"));
    }
}
