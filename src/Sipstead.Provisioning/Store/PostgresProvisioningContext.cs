using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Store;

/// <summary>The tables on PostgreSQL.</summary>
internal sealed class PostgresProvisioningContext(DbContextOptions<PostgresProvisioningContext> options) : ProvisioningContext(options)
{
    public DbSet<StoreHolder> StoreHolders => Set<StoreHolder>();

    protected override string IsDefaultFilter => "\"IsDefault\"";

    private NpgsqlConnection Connection => (NpgsqlConnection)Database.GetDbConnection();

    public override Task InsertAsync(IReadOnlyList<SipCredential> credentials, CancellationToken cancellationToken) =>
        PostgresCredentialWriter.InsertAsync(Connection, credentials, cancellationToken);

    public override async Task ReadAllAsync(CredentialTable credentials, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await PostgresCredentialReader.ReadAllAsync(Connection, credentials, cancellationToken).ConfigureAwait(false);
    }

    public override Task<long> LastIdAsync(string table, CancellationToken cancellationToken) => Database
        .SqlQuery<long>($"SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(quote_ident({table}), 'Id')::regclass), 0) AS \"Value\"")
        .SingleAsync(cancellationToken);

    public override Task ContinueAfterAsync(string table, long id, CancellationToken cancellationToken) => Database.ExecuteSqlAsync(
        $"SELECT setval(pg_get_serial_sequence(quote_ident({table}), 'Id'), {id})", cancellationToken);

    /// <summary>Texts compare by their octets, as on SQLite, whatever the collation of the database (ruling 25).</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<string>().UseCollation("C");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<StoreHolder>().Property(h => h.Id).ValueGeneratedNever();
    }

    /// <summary>Used by `dotnet ef migrations add` alone; it opens no database.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PostgresProvisioningContext>
    {
        public PostgresProvisioningContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<PostgresProvisioningContext>().UseNpgsql("Host=localhost").Options);
    }
}
