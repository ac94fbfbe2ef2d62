using System.Net.Http.Headers;
using Sipstead.Webhooks.Http;

namespace Sipstead.Webhooks.Fetching;

/// <summary>
/// How long a stored response may be used, and how to ask whether it still holds (RFC 9111). Nothing is guessed: without <c>max-age</c> or <c>Expires</c> a
/// response is not stored.
/// </summary>
/// <param name="Lifetime">From when the origin made the response (4.2.1).</param>
/// <param name="InitialAge">Its age when it came (4.2.3).</param>
/// <param name="IsAlwaysChecked">True for <c>no-cache</c>: never used without asking.</param>
/// <param name="ETag">Validator; null when there is none.</param>
/// <param name="LastModified">Validator; null when there is none.</param>
internal sealed record Freshness(TimeSpan Lifetime, TimeSpan InitialAge, bool IsAlwaysChecked, EntityTagHeaderValue? ETag, DateTimeOffset? LastModified)
{
    private bool HasValidator => ETag is not null || LastModified is not null;

    /// <summary>
    /// What a 200 says; null when it must not or need not be stored. A response to a request with credentials is stored for those credentials alone, which
    /// makes the cache a private one for them; without credentials all accounts share what is stored, so that <c>private</c> is not.
    /// </summary>
    public static Freshness? Of(HttpReply reply, bool hasCredentials, DateTimeOffset requestedAt, DateTimeOffset receivedAt) =>
        Of(reply, hasCredentials, requestedAt, receivedAt, reply.Headers.ETag, reply.ContentHeaders.LastModified);

    /// <summary>What holds after a 304 (4.3.4); null when the response must not be stored any more.</summary>
    public Freshness? Renewed(HttpReply reply, bool hasCredentials, DateTimeOffset requestedAt, DateTimeOffset receivedAt)
    {
        var (etag, lastModified) = (reply.Headers.ETag ?? ETag, reply.ContentHeaders.LastModified ?? LastModified);
        return SaysHowLong(reply)
            ? Of(reply, hasCredentials, requestedAt, receivedAt, etag, lastModified)
            : this with { InitialAge = AgeOf(reply, requestedAt, receivedAt), ETag = etag, LastModified = lastModified };
    }

    /// <summary>True while the response may be used without asking.</summary>
    /// <param name="resident">Time since it came.</param>
    public bool IsFresh(TimeSpan resident) => !IsAlwaysChecked && Lifetime > InitialAge + resident;

    /// <summary>Makes a request conditional.</summary>
    public void AskWhether(HttpRequestHeaders headers)
    {
        if (ETag is not null) headers.IfNoneMatch.Add(ETag);
        else headers.IfModifiedSince = LastModified;
    }

    private static Freshness? Of(
        HttpReply reply, bool hasCredentials, DateTimeOffset requestedAt, DateTimeOffset receivedAt, EntityTagHeaderValue? etag,
        DateTimeOffset? lastModified)
    {
        var control = reply.Headers.CacheControl;
        if (control is null && reply.Headers.Contains("Cache-Control")) return null; // unreadable: it may have said no-store
        if (control is { NoStore: true } || (control is { Private: true } && !hasCredentials)) return null;
        if (reply.Headers.Vary.Contains("*")) return null; // any other field is the same in all our requests, or part of the key
        if (LifetimeOf(reply, control, receivedAt) is not { } lifetime) return null;
        var freshness = new Freshness(lifetime, AgeOf(reply, requestedAt, receivedAt), control is { NoCache: true }, etag, lastModified);
        return freshness.HasValidator || freshness.IsFresh(TimeSpan.Zero) ? freshness : null;
    }

    private static bool SaysHowLong(HttpReply reply) => reply.Headers.Contains("Cache-Control") || reply.ContentHeaders.Contains("Expires");

    private static TimeSpan? LifetimeOf(HttpReply reply, CacheControlHeaderValue? control, DateTimeOffset receivedAt)
    {
        if (control?.MaxAge is { } maxAge) return maxAge;
        if (!reply.ContentHeaders.Contains("Expires")) return null;
        if (reply.ContentHeaders.Expires is not { } expires) return TimeSpan.Zero; // "0" and the like: expired (5.3)
        return expires - (reply.Headers.Date ?? receivedAt);
    }

    private static TimeSpan AgeOf(HttpReply reply, DateTimeOffset requestedAt, DateTimeOffset receivedAt)
    {
        var apparent = reply.Headers.Date is { } date && date < receivedAt ? receivedAt - date : TimeSpan.Zero;
        var corrected = (reply.Headers.Age ?? TimeSpan.Zero) + (receivedAt - requestedAt);
        return apparent > corrected ? apparent : corrected;
    }
}
