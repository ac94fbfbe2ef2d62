using Microsoft.Extensions.Logging;

namespace Sipstead.Registrar.History;

/// <summary>
/// The last attempts to register, in memory (ruling 36): of each credential, and of each realm's unknown users. Bounded in all, oldest out first; and for each
/// of them, so that a flood with one name costs that name its history and nobody else's. Thread-safe.
/// </summary>
public sealed class RegistrationHistory
{
    /// <summary>Octets of all entries together.</summary>
    public const int DefaultMaxOctets = 16 * 1024 * 1024;

    /// <summary>
    /// Entries of one credential, or of one realm's unknown users: some hours of a phone that tries every minute in vain, and well below 1 % of the whole.
    /// </summary>
    public const int DefaultMaxOfOne = 200;

    private readonly Lock _lock = new();
    private readonly AttemptStore _store = new();
    private readonly RegistrarMetrics _metrics;
    private readonly ILogger _logger;
    private readonly int _maxOctets;
    private readonly int _maxOfOne;
    private long _lastNumber;

    /// <param name="maxOctets">Octets of all entries together.</param>
    /// <param name="maxOfOne">Entries of one credential, or of one realm's unknown users.</param>
    public RegistrationHistory(
        RegistrarMetrics metrics, ILogger<RegistrationHistory> logger, int maxOctets = DefaultMaxOctets, int maxOfOne = DefaultMaxOfOne)
    {
        (_metrics, _logger, _maxOctets, _maxOfOne) = (metrics, logger, maxOctets, maxOfOne);
    }

    /// <summary>
    /// Raised after an entry was added, outside of all locks, on the thread that added it, which may be a receiving loop: be quick. Entries of different
    /// threads may come in another order than their numbers.
    /// </summary>
    public event Action<AttemptNotice>? Added;

    /// <summary>Adds an entry; it gets its number here. Allocates nothing while the history is full.</summary>
    internal void Add(in NewAttempt attempt)
    {
        long number;
        lock (_lock)
        {
            number = ++_lastNumber;
            if (_store.Add(attempt, number) > _maxOfOne)
            {
                _store.RemoveOldest(AttemptOwner.Of(attempt.RealmId, attempt.CredentialId));
                _metrics.HistoryEvicted("one");
            }

            while (_store.Octets > _maxOctets)
            {
                _store.RemoveOldest();
                _metrics.HistoryEvicted("octets");
            }
        }

        Tell(new AttemptNotice(number, attempt.RealmId, attempt.CredentialId, attempt.Outcome));
    }

    /// <summary>The entries of a credential, newest first.</summary>
    /// <param name="below">Only entries with a lower number.</param>
    /// <param name="limit">The most entries.</param>
    public IReadOnlyList<RegistrationAttempt> OfCredential(long credentialId, long below = long.MaxValue, int limit = int.MaxValue) =>
        Find(new AttemptOwner(0, credentialId), below, limit);

    /// <summary>The entries of users whom a realm does not know, newest first.</summary>
    /// <inheritdoc cref="OfCredential"/>
    public IReadOnlyList<RegistrationAttempt> OfUnknownUsers(long realmId, long below = long.MaxValue, int limit = int.MaxValue) =>
        Find(new AttemptOwner(realmId, 0), below, limit);

    /// <summary>All entries of a realm, those of unknown users among them, newest first.</summary>
    /// <inheritdoc cref="OfCredential"/>
    public IReadOnlyList<RegistrationAttempt> OfRealm(long realmId, long below = long.MaxValue, int limit = int.MaxValue)
    {
        lock (_lock) return _store.OfRealm(realmId, below, limit);
    }

    private List<RegistrationAttempt> Find(AttemptOwner owner, long below, int limit)
    {
        lock (_lock) return _store.Of(owner, below, limit);
    }

    /// <summary>A subscriber's failure is logged: the registrar goes on, and so do the other subscribers.</summary>
    private void Tell(in AttemptNotice attempt)
    {
        foreach (var subscriber in Delegate.EnumerateInvocationList(Added))
        {
            try
            {
                subscriber(attempt);
            }
#pragma warning disable CA1031 // any failure of a subscriber
            catch (Exception e)
#pragma warning restore CA1031
            {
                RegistrarLog.HistorySubscriberFailed(_logger, e);
            }
        }
    }
}
