using Microsoft.Extensions.Logging;

namespace Sipstead.Registrar.History;

/// <summary>
/// The last attempts to register, in memory (ruling 36): of each credential, and of each realm's unknown users. Bounded in all, oldest out first; and for each
/// of them, so that a flood with one name costs that name its history and nobody else's. Thread-safe.
/// </summary>
public sealed class RegistrationHistory
{
    /// <summary>Octets of all entries together.</summary>
    public const int DefaultMaxOctets = 32 * 1024 * 1024;

    /// <summary>
    /// Entries of one credential, or of one realm's unknown users: some hours of a phone that tries every minute in vain, and well below 1 % of the whole.
    /// </summary>
    public const int DefaultMaxOfOne = 200;

    /// <summary>What an entry takes besides its texts: the objects that hold and link it, and its share of the tables.</summary>
    private const int EntryOctets = 400;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _all = new();
    private readonly Dictionary<long, LinkedList<Entry>> _realms = [];
    private readonly Dictionary<Owner, Queue<Entry>> _owners = [];
    private readonly RegistrarMetrics _metrics;
    private readonly ILogger _logger;
    private readonly int _maxOctets;
    private readonly int _maxOfOne;
    private long _octets;
    private long _lastNumber;

    /// <param name="maxOctets">Rough octets of all entries together.</param>
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
    public event Action<RegistrationAttempt>? Added;

    /// <summary>Adds an entry; it gets its number here.</summary>
    public void Add(RegistrationAttempt attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        lock (_lock)
        {
            attempt = attempt with { Number = ++_lastNumber };
            Link(new Entry(attempt));
            while (_octets > _maxOctets && _all.First is { Value: var oldest })
            {
                Unlink(oldest);
                _metrics.HistoryEvicted("octets");
            }
        }

        Tell(attempt);
    }

    /// <summary>The entries of a credential, newest first.</summary>
    /// <param name="below">Only entries with a lower number.</param>
    /// <param name="limit">The most entries.</param>
    public IReadOnlyList<RegistrationAttempt> OfCredential(long credentialId, long below = long.MaxValue, int limit = int.MaxValue) =>
        Find(new Owner(0, credentialId), below, limit);

    /// <summary>The entries of users whom a realm does not know, newest first.</summary>
    /// <inheritdoc cref="OfCredential"/>
    public IReadOnlyList<RegistrationAttempt> OfUnknownUsers(long realmId, long below = long.MaxValue, int limit = int.MaxValue) =>
        Find(new Owner(realmId, 0), below, limit);

    /// <summary>All entries of a realm, those of unknown users among them, newest first.</summary>
    /// <inheritdoc cref="OfCredential"/>
    public IReadOnlyList<RegistrationAttempt> OfRealm(long realmId, long below = long.MaxValue, int limit = int.MaxValue)
    {
        var found = new List<RegistrationAttempt>();
        lock (_lock)
        {
            for (var node = _realms.GetValueOrDefault(realmId)?.Last; node is not null && found.Count < limit; node = node.Previous)
            {
                if (node.Value.Attempt.Number < below) found.Add(node.Value.Attempt);
            }
        }

        return found;
    }

    private IReadOnlyList<RegistrationAttempt> Find(Owner owner, long below, int limit)
    {
        lock (_lock)
        {
            if (!_owners.TryGetValue(owner, out var entries)) return [];
            return [.. entries.Reverse().Select(entry => entry.Attempt).Where(attempt => attempt.Number < below).Take(limit)];
        }
    }

    private void Link(Entry entry)
    {
        _octets += entry.Octets;
        _all.AddLast(entry.InAll);
        if (!_realms.TryGetValue(entry.Attempt.RealmId, out var realm)) _realms.Add(entry.Attempt.RealmId, realm = new LinkedList<Entry>());
        realm.AddLast(entry.InRealm);
        if (!_owners.TryGetValue(entry.Owner, out var own)) _owners.Add(entry.Owner, own = new Queue<Entry>());
        own.Enqueue(entry);
        if (own.Count <= _maxOfOne) return;
        Unlink(own.Peek());
        _metrics.HistoryEvicted("one");
    }

    /// <summary>Takes out an entry that is the oldest of its owner, as the oldest of all is too.</summary>
    private void Unlink(Entry entry)
    {
        _octets -= entry.Octets;
        _all.Remove(entry.InAll);
        var realm = _realms[entry.Attempt.RealmId];
        realm.Remove(entry.InRealm);
        if (realm.Count == 0) _realms.Remove(entry.Attempt.RealmId);
        var own = _owners[entry.Owner];
        own.Dequeue();
        if (own.Count == 0) _owners.Remove(entry.Owner);
    }

    /// <summary>A subscriber's failure is logged: the registrar goes on, and so do the other subscribers.</summary>
    private void Tell(RegistrationAttempt attempt)
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

    /// <summary>Whose share an entry takes: a credential's, or a realm's for unknown users. The other id is 0.</summary>
    private readonly record struct Owner(long RealmId, long CredentialId)
    {
        public static Owner Of(RegistrationAttempt attempt) =>
            attempt.CredentialId == 0 ? new Owner(attempt.RealmId, 0) : new Owner(0, attempt.CredentialId);
    }

    private sealed class Entry
    {
        public Entry(RegistrationAttempt attempt)
        {
            Attempt = attempt;
            Owner = Owner.Of(attempt);
            Octets = EntryOctets + (sizeof(char) * (attempt.UserName.Length + attempt.UserAgent.Length + attempt.Contact.Length));
            InAll = new LinkedListNode<Entry>(this);
            InRealm = new LinkedListNode<Entry>(this);
        }

        public RegistrationAttempt Attempt { get; }

        public Owner Owner { get; }

        public int Octets { get; }

        public LinkedListNode<Entry> InAll { get; }

        public LinkedListNode<Entry> InRealm { get; }
    }
}
