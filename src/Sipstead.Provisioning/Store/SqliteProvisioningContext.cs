using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Sipstead.Provisioning.Store;

/// <summary>The tables on SQLite.</summary>
internal sealed class SqliteProvisioningContext(DbContextOptions<SqliteProvisioningContext> options) : ProvisioningContext(options)
{
    protected override string IsDefaultFilter => "\"IsDefault\" = 1";

    /// <summary>Used by `dotnet ef migrations add` alone; it opens no database.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteProvisioningContext>
    {
        public SqliteProvisioningContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqliteProvisioningContext>().UseSqlite("Data Source=:memory:").Options);
    }
}
