using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>The migrations and the model, and what an older database keeps.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Connection => $"Data Source={Path.Combine(_folder.Path, "sipstead.db")};Pooling=False";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Model_HasNoChangeWithoutAMigration()
    {
        using var database = Context();
        Assert.False(database.Database.HasPendingModelChanges());
    }

    /// <summary>Whether an older user still has the first password is not known, so nobody is told to change it.</summary>
    [Fact]
    public async Task Open_SchemaBeforeTheDashboard_KeepsUsersAndCredentials()
    {
        const string password = "correct horse battery";
        await using (var old = Context()) await old.Database.MigrateAsync("Applications", Cancel);
        await using (var connection = new SqliteConnection(Connection))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText =
                "INSERT INTO Accounts VALUES (9900000, 'abcdef', NULL, 1);"
                + $"INSERT INTO ApiUsers (Id, Name, PasswordHash) VALUES (1, 'admin', '{PasswordHash.Create(password)}');"
                + "INSERT INTO ApiUserRoles VALUES (1, 9900000, 3);"
                + "INSERT INTO Realms VALUES (7, 9900000, 'office', 'office.abcdef.auth.sipstead.localhost', NULL, 1, 2);"
                + "INSERT INTO SipCredentials (Id, RealmId, UserName, UserNameKey, Hash1, HashRevision) VALUES (1, 7, 'Alice', 'alice', 'x', 3)";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        await using var harness = await Harness.OpenAsync(_folder);
        Assert.Null(harness.GeneratedPassword);
        var user = (await harness.Authenticator.AuthenticateAsync("admin", password, Cancel)).Principal!;
        Assert.False(user.MustChangePassword);
        var row = Assert.Single((await harness.Credentials.SearchAsync(ApiHost.Account, new(), Cancel)).Rows);
        Assert.Equal((1, "Alice", null), (row.Credential.Id, row.Credential.UserName, row.ApplicationName));
    }

    /// <summary>S-46: neither the file, nor its journal, nor a copy of both tells a password that was stored before there was a key.</summary>
    [Fact]
    public async Task S_46_CallbackPasswordsOfAnOlderDatabase_AreSealedAtTheNextStart()
    {
        const string password = "callback password in the clear";
        await using (var old = Context()) await old.Database.MigrateAsync("CredentialSearch", Cancel);
        await using (var connection = new SqliteConnection(Connection))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText =
                "INSERT INTO Accounts VALUES (9900000, 'abcdef', NULL, 1);"
                + "INSERT INTO Applications (Id, AccountId, ServiceType, Name, NameKey, Voice_CallInitiatedMethod, Voice_CallInitiatedUrl,"
                + " Voice_CallStatusMethod, Voice_FallbackMethod, Voice_Password, Voice_UserId)"
                + $" VALUES ('{Guid.Empty}', 9900000, {(int)ApplicationServiceType.Voice}, 'old', 'old', 0, 'https://app.example/', 0, 0, '{password}', 'user')";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        Assert.True(_folder.Holds(password));
        for (var start = 0; start < 2; start++)
        {
            await using var harness = await Harness.OpenAsync(_folder);
            Assert.False(_folder.Holds(password));
            Assert.Equal(password, Assert.Single(harness.View.Applications.All).Credentials!.Password);
        }
    }

    private SqliteProvisioningContext Context() => new(new DbContextOptionsBuilder<SqliteProvisioningContext>().UseSqlite(Connection).Options);
}
