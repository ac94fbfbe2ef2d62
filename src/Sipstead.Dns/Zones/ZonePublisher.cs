namespace Sipstead.Dns;

/// <summary>
/// A zone source that is told of changes. Every change is visible to the next query and raises the SOA serial (RFC 1982); a change of
/// many realms raises it once. Changes may come from any thread.
/// </summary>
public sealed class ZonePublisher : IZoneSource
{
    private readonly TimeProvider _time;
    private readonly SerialFile? _file;
    private readonly Lock _writing = new();
    private volatile ZoneData _current;

    /// <summary>
    /// A publisher for a zone that has no realm yet. Its first serial is the time in seconds since 1970, or one above the last one where that is not behind.
    /// </summary>
    /// <param name="file">What remembers the serial over restarts; null for the clock alone.</param>
    /// <exception cref="ArgumentException">The base domain is not a domain name.</exception>
    public ZonePublisher(string baseDomain, TimeProvider time, SerialFile? file = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _file = file;
        var now = time.GetUtcNow();
        _current = ZoneData.Empty(baseDomain, file?.Read() is { } last ? SerialNumber.Next(last, now) : SerialNumber.FromTime(now));
        file?.Write(_current.Serial);
    }

    /// <inheritdoc />
    public ZoneData Current => _current;

    /// <summary>Publishes a realm, in place of one of the same name.</summary>
    /// <exception cref="ArgumentException">The realm cannot be published in this zone.</exception>
    public void Publish(RealmRecord realm) => Change([realm], []);

    /// <summary>Takes a realm out of the zone; one that is not there is passed over.</summary>
    public void Withdraw(string fqdn) => Change([], [fqdn]);

    /// <summary>What forbids to publish a realm in this zone, or null.</summary>
    public string? Problem(RealmRecord realm)
    {
        ArgumentNullException.ThrowIfNull(realm);
        return _current.Names.Problem(realm, ZoneName.Fold(realm.Fqdn));
    }

    /// <summary>Publishes and withdraws many realms as one change.</summary>
    /// <exception cref="ArgumentException">A realm cannot be published in this zone; nothing is changed then.</exception>
    public void Change(IReadOnlyCollection<RealmRecord> published, IReadOnlyCollection<string> withdrawn)
    {
        ArgumentNullException.ThrowIfNull(published);
        ArgumentNullException.ThrowIfNull(withdrawn);
        lock (_writing)
        {
            if (published.Count == 0 && !withdrawn.Any(fqdn => _current.TryGetRealm(fqdn, out _)))
                return;
            var next = _current.With(published, withdrawn, SerialNumber.Next(_current.Serial, _time.GetUtcNow()));
            _file?.Write(next.Serial); // first: what a resolver was told must not be told again of another zone
            _current = next;
        }
    }
}
