using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Audit;

/// <summary>The audit of accounts: what was done to them is read here, and what is not in the database is told here.</summary>
public sealed class AuditService
{
    /// <summary>The most entries of a page.</summary>
    public const int MaximumSize = 1000;

    private readonly ProvisioningStore _store;

    internal AuditService(ProvisioningStore store) => _store = store;

    /// <summary>A page of an account's entries, newest first. The caller has checked that the user is an admin there.</summary>
    public Task<AuditPage> ListAsync(long accountId, AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _store.ReadAsync((database, cancel) => ListAsync(database, accountId, query, cancel), cancellationToken);
    }

    /// <summary>Tells of something that was done outside the database, by the actor of now.</summary>
    /// <param name="accountId">The account it belongs to.</param>
    /// <param name="action">What was done.</param>
    /// <param name="kind">To what kind of thing.</param>
    /// <param name="id">Its id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="changes">What it was; no secrets.</param>
    /// <param name="cancellationToken">Ends the wait; an entry that is being committed is completed.</param>
    public Task RecordAsync(
        long accountId, AuditAction action, AuditKind kind, string? id, string? name, IReadOnlyList<AuditChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return _store.WriteAsync(
            (write, _) =>
            {
                write.Audit.Add(accountId, action, kind, id, name, [.. changes.Select(Cut)]);
                return Task.FromResult(true);
            },
            cancellationToken);
    }

    /// <summary>Tells every account of a user that the user has signed in to the dashboard.</summary>
    public Task RecordSignInAsync(ApiPrincipal user, string? source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        new AuditActor(user.UserName, AuditVia.Dashboard, source).Act();
        return _store.WriteAsync(
            (write, _) =>
            {
                foreach (var accountId in user.Accounts) write.Audit.Add(accountId, AuditAction.SignIn, AuditKind.User, user.UserName, user.UserName, []);
                return Task.FromResult(true);
            },
            cancellationToken);
    }

    private static async Task<AuditPage> ListAsync(
        ProvisioningContext database, long accountId, AuditQuery query, CancellationToken cancellationToken)
    {
        var found = await Matching(database, accountId, query).OrderByDescending(e => e.Id).Take(query.Size + 1)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        long? next = found.Count > query.Size ? found[query.Size].Id : null;
        return new AuditPage([.. found.Take(query.Size).Select(Told)], next);
    }

    private static IQueryable<AuditEntry> Matching(ProvisioningContext database, long accountId, AuditQuery query)
    {
        var entries = database.AuditEntries.Where(e => e.AccountId == accountId);
        if (query.Newest is { } newest) entries = entries.Where(e => e.Id <= newest);
        if (query.From?.ToUnixTimeMilliseconds() is { } from) entries = entries.Where(e => e.At >= from);
        if (query.To?.ToUnixTimeMilliseconds() is { } to) entries = entries.Where(e => e.At < to);
        if (query.Kind is { } kind) entries = entries.Where(e => e.Kind == kind);
#pragma warning disable CA1304, CA1311, CA1862 // in the database
        if (query.Actor?.ToLowerInvariant() is { } actor) entries = entries.Where(e => e.Actor.ToLower() == actor);
#pragma warning restore CA1304, CA1311, CA1862
        if (query.ResourceId is not { } id) return entries;
        return long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? entries.Where(e => e.ResourceId == id || (e.FirstId <= number && e.LastId >= number))
            : entries.Where(e => e.ResourceId == id);
    }

    private static AuditRecord Told(AuditEntry e) => new()
    {
        Id = e.Id,
        At = DateTimeOffset.FromUnixTimeMilliseconds(e.At),
        Actor = new AuditActor(e.Actor, e.Via, e.Source),
        Action = e.Action,
        Kind = e.Kind,
        ResourceId = e.ResourceId ?? e.FirstId?.ToString(CultureInfo.InvariantCulture),
        LastResourceId = e.LastId,
        Name = e.Name,
        Count = e.Count,
        Names = e.Names is null ? [] : JsonSerializer.Deserialize(e.Names, AuditJson.Rows.IReadOnlyListString)!,
        Changes = e.Changes is null ? [] : JsonSerializer.Deserialize(e.Changes, AuditJson.Rows.IReadOnlyListAuditChange)!,
    };

    private static AuditChange Cut(AuditChange change) =>
        change with { Old = change.Old is null ? null : AuditFields.Cut(change.Old), New = change.New is null ? null : AuditFields.Cut(change.New) };
}
