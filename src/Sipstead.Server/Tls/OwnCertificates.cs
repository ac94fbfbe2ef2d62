using System.Net;
using System.Net.Security;

namespace Sipstead.Server.Tls;

/// <summary>
/// Certificates of <see cref="OwnAuthority"/>: one for the base domain, and one for each realm that clients ask for (SNI), made when first asked for and
/// anew before it ends. They live in memory.
/// </summary>
/// <param name="isRealm">Whether a name is a realm's: others get the certificate of the base domain, so that nobody can ask for any number of them.</param>
internal sealed class OwnCertificates(OwnAuthority authority, string baseDomain, IReadOnlyList<IPAddress> addresses, Func<string, bool> isRealm, TimeProvider time)
{
    /// <summary>Certificates kept at one time; when another is asked for, all are made anew as they are needed.</summary>
    private const int MaxKept = 256;

    private static readonly TimeSpan LastPart = OwnAuthority.CertificateLife / 3;

    private readonly Dictionary<string, Made> _kept = [];
    private readonly Lock _lock = new();
    private readonly string _base = baseDomain.ToLowerInvariant();

    private sealed record Made(SslStreamCertificateContext Context, DateTimeOffset RenewAt);

    public SslStreamCertificateContext Select(string? serverName)
    {
        var realm = serverName is not null && isRealm(serverName) ? serverName.ToLowerInvariant() : null;
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_kept.TryGetValue(realm ?? "", out var made) && made.RenewAt > now) return made.Context;
            if (_kept.Count >= MaxKept) _kept.Clear();
            var certificate = authority.Issue(NamesOf(realm), realm, addresses, now);
            made = new Made(SslStreamCertificateContext.Create(certificate, null, offline: true), now + OwnAuthority.CertificateLife - LastPart);
            _kept[realm ?? ""] = made;
            return made.Context;
        }
    }

    /// <summary>The realm and its neighbours (ruling 18), or the base domain and what lies right below it.</summary>
    private IEnumerable<string> NamesOf(string? realm)
    {
        if (realm is null) return [_base, $"*.{_base}"];
        var parent = realm[(realm.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return realm.EndsWith("." + _base, StringComparison.Ordinal) ? [realm, $"*.{parent}"] : [realm];
    }
}
