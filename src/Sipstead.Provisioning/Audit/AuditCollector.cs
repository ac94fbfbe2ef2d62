using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Audit;

/// <summary>
/// Makes the audit entries of one write from what it saves, so that no change can forget its entry: both are committed together or not
/// at all.
/// </summary>
internal sealed class AuditCollector
{
    /// <summary>The most things of a kind that get an entry each; more share one.</summary>
    private const int MaximumSingle = 10;

    /// <summary>The most names in an entry of several.</summary>
    private const int MaximumNames = 20;

    private readonly ProvisioningContext _database;
    private readonly DateTimeOffset _now;
    private readonly AuditActor _actor = AuditActor.Current;
    private readonly List<AuditDraft> _drafts = [];
    private readonly Dictionary<(object Row, long? AccountId), AuditDraft> _byRow = [];
    private readonly List<AuditEntry> _entries = [];

    public AuditCollector(ProvisioningContext database, DateTimeOffset now)
    {
        (_database, _now) = (database, now);
        database.SavingChanges += OnSaving;
    }

    /// <summary>Adds an entry about what is not in the database.</summary>
    public void Add(long accountId, AuditAction action, AuditKind kind, string? id, string? name, IReadOnlyList<AuditChange> changes) =>
        _entries.Add(Entry(accountId, action, kind, id, name, changes));

    /// <summary>Adds what was inserted past the context: of several one entry, since their number is large.</summary>
    public void AddCreated(long accountId, IReadOnlyList<SipCredential> credentials)
    {
        if (credentials.Count == 1) Gather(AuditKind.Credential, _database.Entry(credentials[0]), EntityState.Added, accountId);
        else if (credentials.Count > 1)
        {
            var entry = Several(accountId, AuditAction.Create, AuditKind.Credential, credentials.Count, credentials.Select(c => c.UserName));
            (entry.FirstId, entry.LastId) = (credentials[0].Id, credentials[^1].Id); // one writer: nobody else's are between them
            _entries.Add(entry);
        }
    }

    /// <summary>Saves the entries of all that was saved, beside it.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        _database.SavingChanges -= OnSaving;
        var singles = new List<AuditEntry>();
        foreach (var draft in _drafts.Where(one => one.HasChanged))
        {
            var accountId = draft.AccountId ?? await AccountOfAsync(draft.Row, cancellationToken).ConfigureAwait(false);
            var (id, name) = Describe(draft.Row);
            singles.Add(Entry(accountId, draft.Action, draft.Kind, id, name, draft.Changes));
        }

        _entries.AddRange(singles.GroupBy(one => (one.AccountId, one.Kind, one.Action)).SelectMany(Joined));
        if (_entries.Count == 0) return;
        _database.AuditEntries.AddRange(_entries);
        await _database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How many entries were saved.</summary>
    public int Count => _entries.Count;

    private void OnSaving(object? sender, SavingChangesEventArgs e)
    {
        foreach (var row in _database.ChangeTracker.Entries().Where(one => one.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
            Gather(row);
    }

    private void Gather(EntityEntry row)
    {
        switch (row.Entity)
        {
            case Account account: Gather(AuditKind.Account, row, row.State, account.Id); break;
            case ApiUser user: GatherUser(row, user); break;
            case ApiUserRole role: GatherRole(row, role); break;
            case Realm realm: GatherRealm(row, realm); break;
            case SipCredential: Gather(AuditKind.Credential, row, row.State); break;
            case Application application: Gather(AuditKind.Application, row, row.State, application.AccountId); break;
            case Site site: Gather(AuditKind.Site, row, row.State, site.AccountId); break;
            case Location: Gather(AuditKind.Location, row, row.State); break;
            case PhoneNumber number: Gather(AuditKind.Number, row, row.State, number.AccountId); break;
            case Trunk trunk: Gather(AuditKind.Trunk, row, row.State, trunk.AccountId); break;
            case TrunkRoute route: GatherRoute(row, route); break;
            default: break; // the server's own rows
        }
    }

    /// <summary>A user is told of in every account it has a role in; being made and removed are told by its roles.</summary>
    private void GatherUser(EntityEntry row, ApiUser user)
    {
        if (row.State == EntityState.Deleted) return;
        foreach (var role in user.Roles) Gather(AuditKind.User, row, row.State, role.AccountId);
    }

    /// <summary>To an account, a user is what its role there is.</summary>
    private void GatherRole(EntityEntry row, ApiUserRole role)
    {
        var owner = Tracked<ApiUser>(nameof(ApiUser.Id), row.Property(nameof(ApiUserRole.ApiUserId)).CurrentValue);
        AddColumns(DraftOf(AuditKind.User, owner, row.State, role.AccountId), row, row.State);
    }

    /// <summary>The life of a realm that follows from a wish is not told again.</summary>
    private void GatherRealm(EntityEntry row, Realm realm)
    {
        if (row.State == EntityState.Deleted) return;
        var isDeletion = realm.Status == RealmStatus.DeletePending;
        Gather(AuditKind.Realm, row, isDeletion ? EntityState.Deleted : row.State, realm.AccountId);
    }

    /// <summary>Routes are a field of their trunk.</summary>
    private void GatherRoute(EntityEntry row, TrunkRoute route)
    {
        var trunk = Tracked<Trunk>(nameof(Trunk.Id), row.Property(nameof(TrunkRoute.TrunkId)).CurrentValue);
        var draft = DraftOf(AuditKind.Trunk, trunk, EntityState.Modified, trunk.AccountId);
        var text = $"{route.Pattern} to {route.ApplicationId?.ToString("D") ?? route.LocationId?.ToString(CultureInfo.InvariantCulture)}";
        draft.AddRoute(text, isNew: row.State != EntityState.Deleted);
    }

    private void Gather(AuditKind kind, EntityEntry row, EntityState state, long? accountId = null) =>
        AddColumns(DraftOf(kind, row.Entity, state, accountId), row, state);

    private AuditDraft DraftOf(AuditKind kind, object row, EntityState state, long? accountId)
    {
        var action = state switch
        {
            EntityState.Added => AuditAction.Create,
            EntityState.Deleted => AuditAction.Delete,
            _ => AuditAction.Update,
        };
        if (!_byRow.TryGetValue((row, accountId), out var draft))
        {
            _byRow[(row, accountId)] = draft = new AuditDraft(kind, row, action) { AccountId = accountId };
            _drafts.Add(draft);
        }
        else if (action != AuditAction.Update)
        {
            draft.Become(action);
        }

        return draft;
    }

    private static void AddColumns(AuditDraft draft, EntityEntry row, EntityState state)
    {
        foreach (var column in row.Properties) AddColumn(column.Metadata.Name, column);
        foreach (var complex in row.ComplexProperties)
        {
            foreach (var column in complex.Properties) AddColumn($"{complex.Metadata.Name}.{column.Metadata.Name}", column);
        }

        void AddColumn(string path, PropertyEntry column)
        {
            var old = state == EntityState.Added ? null : column.OriginalValue;
            var now = state == EntityState.Deleted ? null : column.CurrentValue;
            if (!Equals(old, now)) draft.Add(AuditFields.NameOf(path), AuditFields.VisibilityOf(row.Metadata.ClrType, path), old, now);
        }
    }

    private T Tracked<T>(string key, object? id)
        where T : class =>
        _database.ChangeTracker.Entries<T>().First(one => Equals(one.Property(key).CurrentValue, id)).Entity;

    private async ValueTask<long> AccountOfAsync(object row, CancellationToken cancellationToken) => row switch
    {
        SipCredential credential =>
            (credential.Realm ?? await _database.Realms.FindAsync([credential.RealmId], cancellationToken).ConfigureAwait(false))!.AccountId,
        Location location =>
            (location.Site ?? await _database.Sites.FindAsync([location.SiteId], cancellationToken).ConfigureAwait(false))!.AccountId,
        _ => throw new InvalidOperationException($"A row of {row.GetType().Name} does not tell its account."),
    };

    private static (string Id, string? Name) Describe(object row) => row switch
    {
        Account account => (Text(account.Id), null),
        ApiUser user => (user.Name, user.Name),
        Realm realm => (Text(realm.Id), realm.Name),
        SipCredential credential => (Text(credential.Id), credential.UserName),
        Application application => (application.Id.ToString("D"), application.Name),
        Site site => (Text(site.Id), site.Name),
        Location location => (Text(location.Id), location.Name),
        PhoneNumber number => (number.Number, number.Number),
        Trunk trunk => (Text(trunk.Id), trunk.Name),
        _ => throw new InvalidOperationException($"A row of {row.GetType().Name} has no name."),
    };

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<AuditEntry> Joined(IGrouping<(long AccountId, AuditKind Kind, AuditAction Action), AuditEntry> same) =>
        same.Count() <= MaximumSingle
            ? same
            : [Several(same.Key.AccountId, same.Key.Action, same.Key.Kind, same.Count(), same.Select(one => one.Name!))];

    private AuditEntry Several(long accountId, AuditAction action, AuditKind kind, int count, IEnumerable<string> names)
    {
        var entry = Entry(accountId, action, kind, null, null, []);
        entry.Count = count;
        entry.Names = JsonSerializer.Serialize([.. names.Take(MaximumNames)], AuditJson.Rows.IReadOnlyListString);
        return entry;
    }

    private AuditEntry Entry(
        long accountId, AuditAction action, AuditKind kind, string? id, string? name, IReadOnlyList<AuditChange> changes) => new()
    {
        At = _now.ToUnixTimeMilliseconds(),
        AccountId = accountId,
        Actor = _actor.Name,
        Via = _actor.Via,
        Source = _actor.Source,
        Action = action,
        Kind = kind,
        ResourceId = id,
        Name = name is null ? null : AuditFields.Cut(name),
        Count = 1,
        Changes = changes.Count == 0 ? null : JsonSerializer.Serialize(changes, AuditJson.Rows.IReadOnlyListAuditChange),
    };
}
