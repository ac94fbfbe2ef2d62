using Sipstead.Provisioning.Realms;
using Sipstead.Registrar.Authentication;
using Sipstead.Sip.Digest;

namespace Sipstead.Registrar;

/// <summary>
/// Counts what every registration counts, and tells the meters once a batch: an instrument with a tag costs some forty nanoseconds a call. Belongs to one
/// receiving loop.
/// </summary>
internal sealed class BatchCounts(RegistrarMetrics metrics)
{
    private readonly int[] _digests = new int[(int)DigestAlgorithm.Unsupported + 1];
    private int _accepted;
    private int _challenges;

    /// <summary>A REGISTER was answered.</summary>
    public void Answered(int status)
    {
        if (status == 200) _accepted++;
        else metrics.Answered(status, 1);
    }

    /// <summary>A request was challenged.</summary>
    public void Challenged(DigestOutcome outcome)
    {
        if (outcome == DigestOutcome.Missing) _challenges++;
        else metrics.Challenged(outcome == DigestOutcome.Stale ? "stale" : "wrong", 1);
    }

    /// <summary>A digest was computed.</summary>
    public void Computed(DigestAlgorithm algorithm) => _digests[(int)algorithm]++;

    /// <summary>Tells the meters.</summary>
    public void EndBatch()
    {
        if (_accepted > 0) metrics.Answered(200, _accepted);
        if (_challenges > 0) metrics.Challenged("no credentials", _challenges);
        (_accepted, _challenges) = (0, 0);
        for (var algorithm = 0; algorithm < _digests.Length; algorithm++)
        {
            if (_digests[algorithm] > 0) metrics.Computed(DigestAlgorithmNames.Of(DigestOffer.SettingOf((DigestAlgorithm)algorithm)), _digests[algorithm]);
            _digests[algorithm] = 0;
        }
    }
}
