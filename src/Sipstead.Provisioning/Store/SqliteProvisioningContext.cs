using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Store;

/// <summary>The tables on SQLite.</summary>
internal sealed class SqliteProvisioningContext(DbContextOptions<SqliteProvisioningContext> options) : ProvisioningContext(options)
{
    protected override string IsDefaultFilter => "\"IsDefault\" = 1";

    private SqliteConnection Connection => (SqliteConnection)Database.GetDbConnection();

    public override Task InsertAsync(IReadOnlyList<SipCredential> credentials, CancellationToken cancellationToken)
    {
        SqliteCredentialWriter.Insert(Connection, credentials);
        return Task.CompletedTask;
    }

    public override async Task ReadAllAsync(CredentialTable credentials, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        SqliteCredentialReader.ReadAll(Connection, credentials, cancellationToken);
    }

    public override Task<long> LastIdAsync(string table, CancellationToken cancellationToken) =>
        Database.SqlQuery<long>($"SELECT seq AS Value FROM sqlite_sequence WHERE name = {table}").FirstOrDefaultAsync(cancellationToken);

    public override async Task ContinueAfterAsync(string table, long id, CancellationToken cancellationToken)
    {
        await Database.ExecuteSqlAsync($"DELETE FROM sqlite_sequence WHERE name = {table}", cancellationToken).ConfigureAwait(false);
        await Database.ExecuteSqlAsync($"INSERT INTO sqlite_sequence (name, seq) VALUES ({table}, {id})", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Used by `dotnet ef migrations add` alone; it opens no database.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteProvisioningContext>
    {
        public SqliteProvisioningContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqliteProvisioningContext>().UseSqlite("Data Source=:memory:").Options);
    }
}
