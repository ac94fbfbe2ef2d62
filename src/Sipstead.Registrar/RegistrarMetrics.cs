using System.Diagnostics.Metrics;

namespace Sipstead.Registrar;

/// <summary>Counters of the registrar, meter <c>Sipstead.Registrar</c>.</summary>
public sealed class RegistrarMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Sipstead.Registrar";

    /// <summary>Status codes as objects, so that an answer does not cost one.</summary>
    private readonly object?[] _statuses = new object?[700];

    private readonly Meter _meter;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _challenges;
    private readonly Counter<long> _digests;
    private readonly Counter<long> _journalFailures;
    private readonly Counter<long> _keepAlives;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _historyEvicted;
    private readonly Counter<long> _limits;
    private readonly Counter<long> _limitsEvicted;
    private readonly Counter<long> _challengedTextsEvicted;

    public RegistrarMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = _meter = meters.Create(MeterName);
        _answers = meter.CreateCounter<long>("sipstead.registrar.answers", "{response}", "Answers to authenticated REGISTER requests, by status");
        _challenges = meter.CreateCounter<long>("sipstead.registrar.challenges", "{response}", "Challenges, by the reason for them");
        _digests = meter.CreateCounter<long>(
            "sipstead.registrar.digests", "{digest}", "Digests computed to check a request's, right or wrong, by algorithm: who still uses MD5 shows here");
        _journalFailures = meter.CreateCounter<long>("sipstead.registrar.journal.failures", "{batch}", "Batches that could not be written to the journal");
        _keepAlives = meter.CreateCounter<long>("sipstead.registrar.keepalives", "{datagram}", "NAT keep-alives sent");
        _expired = meter.CreateCounter<long>("sipstead.registrar.expired", "{binding}", "Bindings that ended by expiry");
        _historyEvicted = meter.CreateCounter<long>(
            "sipstead.registrar.history.evicted", "{entry}", "Entries that the registration history dropped, by the limit they were over: octets of all, or entries of one");
        _limits = meter.CreateCounter<long>("sipstead.registrar.limits", "{event}", "Limits of authentication and registration that were reached, by limit");
        _limitsEvicted = meter.CreateCounter<long>("sipstead.registrar.limits.evicted", "{entry}", "Counts of users and sources that made room for another's, by kind");
        _challengedTextsEvicted = meter.CreateCounter<long>(
            "sipstead.registrar.challenged_texts.evicted", "{text}", "Texts known to be challenged that made room for another, and are read whole next time");
    }

    /// <summary>Tells how many addresses-of-record are in memory, whenever somebody asks.</summary>
    internal void ObserveAddressesOfRecord(Func<int> count) =>
        _meter.CreateObservableGauge("sipstead.registrar.addresses_of_record", count, "{aor}", "Addresses-of-record in memory: with bindings, or with a nonce in use");

    internal void Answered(int status, int count)
    {
        if (_answers.Enabled) _answers.Add(count, new KeyValuePair<string, object?>("status", _statuses[status] ??= status));
    }

    internal void Challenged(string reason, int count)
    {
        if (_challenges.Enabled) _challenges.Add(count, new KeyValuePair<string, object?>("reason", reason));
    }

    internal void Computed(string algorithm, int count)
    {
        if (_digests.Enabled) _digests.Add(count, new KeyValuePair<string, object?>("algorithm", algorithm));
    }

    internal void JournalFailed() => _journalFailures.Add(1);

    internal void KeepAlivesSent(int count) => _keepAlives.Add(count);

    internal void Expired(int count) => _expired.Add(count);

    internal void LimitReached(string limit) => _limits.Add(1, new KeyValuePair<string, object?>("limit", limit));

    internal void LimitEvicted(string kind) => _limitsEvicted.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void ChallengedTextEvicted() => _challengedTextsEvicted.Add(1);

    internal void HistoryEvicted(string limit)
    {
        if (_historyEvicted.Enabled) _historyEvicted.Add(1, new KeyValuePair<string, object?>("limit", limit));
    }
}
