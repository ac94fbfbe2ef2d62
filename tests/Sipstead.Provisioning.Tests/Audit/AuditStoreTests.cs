using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Audit;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Provisioning.Tests.Audit;

/// <summary>The table of the audit: no secret in it, whole with its change, and bounded.</summary>
public sealed class AuditStoreTests : IDisposable
{
    private static readonly Gen<string> Secret = Gen.Char["abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"].Array[16].Select(chars => new string(chars));

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Columns_AreAllThoughtAbout()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var forgotten = await harness.Store.ReadAsync((database, _) => Task.FromResult(
            (from row in database.Model.GetEntityTypes()
             from path in row.GetProperties().Select(p => p.Name).Concat(row.GetComplexProperties().SelectMany(c => c.ComplexType.GetProperties().Select(p => $"{c.Name}.{p.Name}")))
             where !AuditFields.IsKnown(row.ClrType, path)
             select $"{row.ClrType.Name}.{path}").ToList()), Cancel);
        Assert.Empty(forgotten); // say in AuditFields how much of it the audit may tell
        Assert.Equal(AuditVisibility.Changed, AuditFields.VisibilityOf(typeof(Trunk), "SomethingNew"));
    }

    [Fact]
    public async Task S_72_Secrets_AreNeverInTheTable()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var realm = await harness.CreateActiveRealmAsync("office");
        await Gen.Select(Secret, Secret, Secret, Secret).SampleAsync(async secrets =>
        {
            var (password, next, callback, trunk) = secrets;
            var name = $"u{Guid.NewGuid():N}"[..20];
            var wish = SipPassword.Create(name, realm, password).Value!;
            var credential = Assert.Single((await harness.Credentials.CreateAsync(realm, [wish], Cancel)).Value!.Created);
            var rotated = SipPassword.Create(name, realm, next).Value!;
            var update = new SipCredentialUpdate { RealmId = $"{realm.Id}", Hash1 = rotated.Hash1, Hash1b = rotated.Hash1b, Sha = rotated.Sha };
            Assert.True((await harness.Credentials.UpdateAsync(realm, $"{credential.Id}", update, Cancel)).IsSuccess);
            Assert.True((await harness.Accounts.CreateUserAsync(name, password, ApiHost.Account, ApiRole.Read, Cancel)).IsSuccess);
            Assert.True((await harness.Accounts.ChangePasswordAsync(name, next, Cancel)).IsSuccess);
            var application = new NewApplication
            {
                ServiceType = "Voice-V2", AppName = name, CallInitiatedCallbackUrl = $"https://localhost/?key={callback}",
                CallbackCreds = new NewCallbackCredentials("someone", callback),
            };
            Assert.True((await harness.Applications.CreateAsync(ApiHost.Account, application, Cancel)).IsSuccess);
            var trunks = harness.Services.GetRequiredService<TrunkService>();
            var made = await trunks.CreateAsync(ApiHost.Account, new NewTrunk { Name = name, Host = "sip.example.com", UserName = "u", Password = trunk }, Cancel);
            Assert.True(made.IsSuccess, made.Error?.Description);
            Assert.True((await trunks.DeleteAsync(ApiHost.Account, $"{made.Value!.Id}", Cancel)).IsSuccess);
            Assert.True((await harness.Credentials.DeleteAsync(realm, $"{credential.Id}", Cancel)).IsSuccess);

            var told = await ToldAsync();
            Assert.Contains(name, told, StringComparison.Ordinal);
            string?[] hashes =
            [
                wish.Hash1, wish.Hash1b, wish.Sha.Hash1Sha256, wish.Sha.Hash1Sha512256, rotated.Hash1, rotated.Sha.Hash1bSha256, rotated.Sha.Hash1bSha512256,
            ];
            Assert.All(hashes.OfType<string>().Concat([password, next, callback, trunk]), secret => Assert.DoesNotContain(secret, told, StringComparison.OrdinalIgnoreCase));
            var sealedOnes = await ReadAsync("SELECT group_concat(coalesce(Voice_Password, '') || ' ') FROM Applications");
            Assert.All(sealedOnes.Split(' ', StringSplitOptions.RemoveEmptyEntries), text => Assert.DoesNotContain(text.Trim(','), told, StringComparison.Ordinal));
            var passwordHash = await ReadAsync($"SELECT PasswordHash FROM ApiUsers WHERE Name = '{name}'");
            Assert.DoesNotContain(passwordHash, told, StringComparison.Ordinal);
        }, iter: 3, threads: 1);
    }

    /// <summary>The same transaction: neither of them without the other.</summary>
    [Fact]
    public async Task S_72_ChangeThatFails_LeavesNeitherItselfNorItsEntry()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var before = await ReadAsync("SELECT count(*) FROM AuditEntries");
        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Store.WriteAsync<bool>(
            async (write, cancel) =>
            {
                write.Database.Sites.Add(new Site { AccountId = ApiHost.Account, Name = "lost" });
                await write.Database.SaveChangesAsync(cancel);
                throw new InvalidOperationException("the server dies here");
            },
            Cancel));
        Assert.Equal((before, "0"), (await ReadAsync("SELECT count(*) FROM AuditEntries"), await ReadAsync("SELECT count(*) FROM Sites")));

        await ReadAsync("CREATE TRIGGER full BEFORE INSERT ON AuditEntries BEGIN SELECT RAISE(FAIL, 'disk full'); END");
        await Assert.ThrowsAsync<DbUpdateException>(() => harness.CreateApplicationAsync("never told"));
        await Assert.ThrowsAsync<DbUpdateException>(() => harness.CreateActiveRealmAsync("never"));
        Assert.Equal(("0", "0"), (await ReadAsync("SELECT count(*) FROM Applications"), await ReadAsync("SELECT count(*) FROM Realms")));
        Assert.Empty(harness.View.Realms.All);
    }

    [Fact]
    public async Task Retention_RemovesWhatIsOld_AndWhatIsTooMuchOfEachAccount()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));
        await using var harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { AuditDays = 30, AuditEntries = 100 }, time);
        var audit = harness.Services.GetRequiredService<AuditService>();
        var retention = harness.Services.GetRequiredService<AuditRetention>();
        await harness.Accounts.CreateAccountAsync(4711, Cancel);
        await AddAsync(ApiHost.Account, 90, "old");
        time.Advance(TimeSpan.FromDays(20));
        await AddAsync(ApiHost.Account, 60, "new");
        await AddAsync(4711, 20, "other");

        await retention.TrimAsync(Cancel);
        Assert.Equal(("100", "21"), (await CountAsync(ApiHost.Account), await CountAsync(4711))); // 40 of the old ones, and the account's own creation
        Assert.Equal("60", await ReadAsync("SELECT count(*) FROM AuditEntries WHERE Name = 'new'"));

        time.Advance(TimeSpan.FromDays(11));
        await retention.TrimAsync(Cancel);
        Assert.Equal(("60", "20"), (await CountAsync(ApiHost.Account), await CountAsync(4711)));
        time.Advance(TimeSpan.FromDays(30));
        await retention.TrimAsync(Cancel);
        Assert.Equal("0", await ReadAsync("SELECT count(*) FROM AuditEntries"));

        async Task AddAsync(long account, int count, string name)
        {
            for (var i = 0; i < count; i++) await audit.RecordAsync(account, AuditAction.Delete, AuditKind.Registration, $"{i}", name, [], Cancel);
        }
    }

    [Fact]
    public async Task Retention_RunsByItself_OnceMuchWasWritten_AndHourly()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));
        await using var harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { AuditDays = 30, AuditEntries = 100 }, time);
        await harness.StartAsync();
        var audit = harness.Services.GetRequiredService<AuditService>();
        for (var i = 0; i < 250; i++) await audit.RecordAsync(ApiHost.Account, AuditAction.Delete, AuditKind.Registration, $"{i}", null, [], Cancel);
        await Poll.UntilAsync(async () => int.Parse(await CountAsync(ApiHost.Account), System.Globalization.CultureInfo.InvariantCulture) < 200);

        time.Advance(TimeSpan.FromDays(31));
        await Poll.UntilAsync(async () => await CountAsync(ApiHost.Account) == "0");
    }

    private Task<string> CountAsync(long account) => ReadAsync($"SELECT count(*) FROM AuditEntries WHERE AccountId = {account}");

    private Task<string> ToldAsync() => ReadAsync("SELECT group_concat(Actor || coalesce(Name, '') || coalesce(Names, '') || coalesce(Changes, '')) FROM AuditEntries");

    private async Task<string> ReadAsync(string query)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "sipstead.db")};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return $"{await command.ExecuteScalarAsync(Cancel)}";
    }

}
