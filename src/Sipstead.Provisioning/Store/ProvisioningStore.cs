using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Store;

/// <summary>
/// The database and the view in step: reads run side by side, writes one at a time (ruling 25). A write's answer is given after
/// the view holds its change.
/// </summary>
internal sealed class ProvisioningStore : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly ProvisioningView _view;
    private readonly TimeProvider _time;
    private readonly ProvisioningDatabase _database;
    private readonly PooledDbContextFactory<SqliteProvisioningContext> _contexts;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly StoreOutage _outage;
    private readonly SecretSeal _seal;
    private readonly ILogger _log;
    private readonly int _sipPort;

    public ProvisioningStore(ProvisioningOptions options, ProvisioningView view, TimeProvider time, ILoggerFactory loggers)
    {
        _view = view;
        _time = time;
        _sipPort = options.SipPort;
        _log = loggers.CreateLogger<ProvisioningStore>();
        _database = new ProvisioningDatabase(options.DataDirectory);
        _outage = new StoreOutage(_database, _log);
        _seal = new SecretSeal(options.DataDirectory);
        Secrets = new ApplicationSecrets(_seal);
        _contexts = new PooledDbContextFactory<SqliteProvisioningContext>(
            new DbContextOptionsBuilder<SqliteProvisioningContext>()
                .UseSqlite(_database.ConnectionString)
                .UseLoggerFactory(loggers)
                .AddInterceptors(new SqliteDurability())
                .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)))
                .Options);
    }

    /// <summary>Tells how many audit entries a change has left. Handlers are short and do not fail.</summary>
    public event Action<int>? Audited;

    /// <summary>Seals and opens the passwords of callbacks.</summary>
    public ApplicationSecrets Secrets { get; }

    /// <summary>Creates or upgrades the database and loads the view.</summary>
    /// <exception cref="ProvisioningStoreException">The database or the key of its secrets cannot be used.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var database = _contexts.CreateDbContext();
        await using (database.ConfigureAwait(false))
        {
            await _database.PrepareAsync(database, cancellationToken).ConfigureAwait(false);
            _seal.Open();
            await SealApplicationsAsync(database, cancellationToken).ConfigureAwait(false);
            await LoadAsync(database, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a query; nothing is tracked.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be used for now.</exception>
    public async Task<T> ReadAsync<T>(Func<ProvisioningContext, CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        try
        {
            _database.RequireFile();
            var database = _contexts.CreateDbContext();
            await using (database.ConfigureAwait(false))
            {
                database.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
                return await query(database, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (ProvisioningDatabase.WhyUnavailable(failure) is { } reason)
        {
            throw _outage.Begin(reason, failure);
        }
    }

    /// <summary>Runs a change alone, commits it, then shows it in the view. An exception leaves everything as it was.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be used for now.</exception>
    public async Task<T> WriteAsync<T>(Func<StoreWrite, CancellationToken, Task<T>> change, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _database.RequireFile();
            var database = _contexts.CreateDbContext();
            await using (database.ConfigureAwait(false))
            {
                var transaction = await database.Database
                    .BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    var write = new StoreWrite(database, _time);
                    var result = await change(write, cancellationToken).ConfigureAwait(false);
                    await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                    await write.Audit.SaveAsync(cancellationToken).ConfigureAwait(false);

                    // From here on the caller's leaving must not part the view from the database.
                    await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                    write.Show(_view);
                    if (write.Audit.Count > 0) Audited?.Invoke(write.Audit.Count);
                    _outage.End();
                    return result;
                }
            }
        }
        catch (Exception failure) when (ProvisioningDatabase.WhyUnavailable(failure) is { } reason)
        {
            throw _outage.Begin(reason, failure);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>
    /// Writes a copy of the database into a file, as of one moment; the store goes on meanwhile. False when the database lies in a server of its own, which has
    /// its own means for that.
    /// </summary>
    public async Task<bool> TryCopyAsync(string path, CancellationToken cancellationToken)
    {
        await _database.CopyToAsync(path, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The password of a trunk as its row keeps it; the same text for the same password.</summary>
    public string SealPassword(Trunk trunk, string password) =>
        OpenPassword(trunk) == password ? trunk.Password! : _seal.Seal(password, TrunkService.OwnerOf(trunk));

    /// <summary>The password of a trunk; null when it has none, or it was sealed with another key.</summary>
    public string? OpenPassword(Trunk trunk) =>
        trunk.Password is { } text && _seal.TryOpen(text, TrunkService.OwnerOf(trunk), out var password) ? password : null;

    /// <summary>What the view holds of a realm.</summary>
    public RealmEntry EntryOf(Realm realm) => new(realm.Id, realm.AccountId, realm.Fqdn, realm.Account!.SipPort ?? _sipPort)
    {
        DigestAlgorithms = realm.DigestAlgorithms,
        MediaEncryption = realm.MediaEncryption,
    };

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
    }

    /// <summary>Waits for the writes before; not for ever, when the database answers none of them.</summary>
    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!await _writer.WaitAsync(LongestWait, cancellationToken).ConfigureAwait(false))
            throw new StoreUnavailableException("Too many changes wait for the database.");
    }

    private static bool IsLost(string? stored, string? opened) => stored is not null && opened is null;

    /// <summary>
    /// Seals what was stored before there was a key, and then has the file written anew: the old pages, and the journal, would still
    /// tell it.
    /// </summary>
    private async Task SealApplicationsAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        var open = await database.Applications.Where(a => !a.IsSealed).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (open.Count == 0) return;
        var hadPasswords = open.Exists(a => a.Voice.Password is not null || a.Voice.FallbackPassword is not null);
        foreach (var application in open) Secrets.Seal(application, application.Voice);
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        database.ChangeTracker.Clear();
        if (hadPasswords) await ProvisioningDatabase.RewriteAsync(database, cancellationToken).ConfigureAwait(false);
    }

    private async Task LoadAsync(ProvisioningContext database, CancellationToken cancellationToken)
    {
        var stored = await database.RealmSerials.AsNoTracking().SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        var serial = Math.Max(stored?.Value ?? 0, _time.GetUtcNow().ToUnixTimeSeconds());
        var realms = database.Realms.AsNoTracking().Include(r => r.Account).Where(r => r.Status == RealmStatus.Active);
        _view.Load(realms.AsEnumerable().Select(EntryOf), serial);

        var applications = database.Applications.AsNoTracking().Where(a => a.ServiceType == ApplicationServiceType.Voice);
        var locked = 0;
        _view.Load(applications.AsEnumerable().Select(application =>
        {
            var voice = Secrets.Open(application);
            if (IsLost(application.Voice.Password, voice.Password) || IsLost(application.Voice.FallbackPassword, voice.FallbackPassword)) locked++;
            return ApplicationService.EntryOf(application, voice);
        }));
        if (locked > 0) ProvisioningLog.SecretsNotOpened(_log, locked, SecretSeal.FileName);

        var numbers = await database.PhoneNumbers.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
        var locations = await database.Locations.AsNoTracking().Where(l => l.ApplicationId != null).ToListAsync(cancellationToken).ConfigureAwait(false);
        _view.Load(NumberSnapshot.Of(
            numbers.Select(n => (n.AccountId, n.Number, n.LocationId)), locations.Select(l => (l.Id, l.ApplicationId!.Value))));

        var trunks = await database.Trunks.AsNoTracking().Include(t => t.Routes).ToListAsync(cancellationToken).ConfigureAwait(false);
        var entries = trunks.ConvertAll(trunk => TrunkService.EntryOf(trunk, OpenPassword(trunk)));
        _view.Load(TrunkSnapshot.Of(entries));
        if (trunks.Count(trunk => IsLost(trunk.Password, OpenPassword(trunk))) is var lost and > 0)
            ProvisioningLog.TrunkSecretsNotOpened(_log, lost, SecretSeal.FileName);

        await database.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        CredentialReader.ReadAll((SqliteConnection)database.Database.GetDbConnection(), _view.Credentials, cancellationToken);
    }
}
