using Sipstead.Dashboard.Credentials;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>An import over the real rules: what a preview says is what the import does.</summary>
public sealed class CredentialImportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_StoresNothing_AndRunStoresWhatItPromised()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        await harness.CreateCredentialAsync(realm, "taken");
        var import = await ImportAsync(harness, realm, Row(2, "alice"), Row(3, "taken"), Row(4, "bad name"), Row(5, "ALICE"), Row(6, null), Row(7, "bob"));

        await import.CheckAsync(Cancel);

        Assert.Equal(2, import.Valid);
        Assert.Equal([3, 4, 5, 6], import.Failed.Select(row => row.Line));
        Assert.Equal(1, await CountAsync(harness));

        await import.RunAsync(() => { }, Cancel);

        Assert.Equal((2, 2), (import.Created, import.Done));
        Assert.Null(import.Error);
        Assert.Equal(3, await CountAsync(harness));
    }

    [Fact]
    public async Task Reasons_AreInTheWordsOfTheRules()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        await harness.CreateCredentialAsync(realm, "taken");
        var import = await ImportAsync(
            harness, realm, Row(2, "taken"), Row(3, "alice"), Row(4, "alice"), Row(5, new string('x', 33)), Row(6, "carol") with { Password = null },
            Row(7, "dave") with { Realm = "elsewhere" }, Row(8, "erin") with { Password = new string('x', 129) }, Row(9, "fred") with { Hash1 = "0" });

        await import.CheckAsync(Cancel);

        var reasons = import.Failed.ToDictionary(row => row.Line, row => row.Reason);
        Assert.Contains("does already exist", reasons[2], StringComparison.Ordinal);
        Assert.Contains("more than once", reasons[4], StringComparison.Ordinal);
        Assert.Contains("too long (32 characters max)", reasons[5], StringComparison.Ordinal);
        Assert.Equal("Hash1 is required", reasons[6]);
        Assert.Contains("Realm 'elsewhere' does not belong", reasons[7], StringComparison.Ordinal);
        Assert.Equal("The password is too long (128 characters max)", reasons[8]);
        Assert.Equal("Give a password or hashes, not both", reasons[9]);
    }

    [Fact]
    public async Task Application_IsFoundByIdOrName()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var desk = await harness.CreateApplicationAsync("Front desk");
        await harness.CreateApplicationAsync("Twin");
        await harness.CreateApplicationAsync("Twin");
        var import = await ImportAsync(
            harness, realm, Row(2, "alice") with { Application = desk.Id.ToString() }, Row(3, "bob") with { Application = "front DESK" },
            Row(4, "carol") with { Application = "Nowhere" }, Row(5, "dave") with { Application = "Twin" }, Row(6, "erin") with { Application = Guid.NewGuid().ToString() });

        await import.CheckAsync(Cancel);
        await import.RunAsync(() => { }, Cancel);

        Assert.Equal(2, (await harness.Credentials.SearchAsync(harness.Account.Id, new SipCredentialSearch { ApplicationId = desk.Id }, Cancel)).Total);
        Assert.Equal([4, 5, 6], import.Failed.Select(row => row.Line));
        Assert.Equal("The account has no voice application 'Nowhere'", import.Failed[0].Reason);
        Assert.Equal("2 voice applications are called 'Twin': give the id", import.Failed[1].Reason);
    }

    [Fact]
    public async Task PasswordAndHashes_GiveTheSameCredential()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var import = await ImportAsync(
            harness, realm, Row(2, "alice"),
            new CsvCredential(3, "bob", null, SipPassword.Hash1("bob", realm.Fqdn, "secret"), SipPassword.Hash1b("bob", realm.Fqdn, "secret"), null, null));

        await import.CheckAsync(Cancel);
        await import.RunAsync(() => { }, Cancel);

        var rows = (await harness.Credentials.SearchAsync(harness.Account.Id, new SipCredentialSearch(), Cancel)).Rows;
        Assert.Equal([ShaHashes.None, SipPassword.Sha("alice", realm.Fqdn, "secret")], rows.OrderByDescending(row => row.Credential.UserName).Select(row => row.Credential.Sha));
        Assert.All(rows, row => Assert.Equal(SipPassword.Hash1(row.Credential.UserName, realm.Fqdn, "secret"), row.Credential.Hash1));
        Assert.All(rows, row => Assert.Equal(SipPassword.Hash1b(row.Credential.UserName, realm.Fqdn, "secret"), row.Credential.Hash1b));
        Assert.Equal(1, import.WeakPasswords);
    }

    [Fact]
    public async Task RepeatedNames_FarApart_AreFoundInTheCheck()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var names = Enumerable.Range(0, SipCredentialService.MaximumCheckedEntries + 500).Select(i => FormattableString.Invariant($"u{i}"));
        var import = new CredentialImport(harness.Credentials, realm, [.. names.Append("U0").Select((name, i) => Row(i + 2, name) with { Password = null, Hash1 = "x" })], []);

        await import.CheckAsync(Cancel);

        var failed = Assert.Single(import.Failed);
        Assert.Equal((import.Total + 1, "U0"), (failed.Line, failed.UserName));
    }

    [Fact]
    public async Task RealmThatWentMeanwhile_StopsTheImport()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var import = await ImportAsync(harness, realm, Row(2, "alice"));
        await import.CheckAsync(Cancel);
        await harness.Realms.DeleteAsync(harness.Account.Id, realm.Fqdn, Cancel);

        await import.RunAsync(() => { }, Cancel);

        Assert.Equal(0, import.Created);
        Assert.Contains("is not active", Assert.Single(import.Failed).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledRun_KeepsWhatItMade_AndMakesNoMore()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        using var left = new CancellationTokenSource();
        var rows = Enumerable.Range(0, SipCredentialService.MaximumEntries + 1).Select(i => Row(i + 2, FormattableString.Invariant($"u{i}"))).ToArray();
        var import = await ImportAsync(harness, realm, rows);
        await import.CheckAsync(Cancel);

        await import.RunAsync(left.Cancel, left.Token);

        Assert.Equal(SipCredentialService.MaximumEntries, import.Created);
        Assert.Equal(SipCredentialService.MaximumEntries, await CountAsync(harness));
    }

    [Fact]
    public async Task StoreThatIsAway_IsTold_AndStoresNothing()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var import = await ImportAsync(harness, realm, Row(2, "alice"));
        await import.CheckAsync(Cancel);
        using (new AwayFile(harness.Database))
        {
            await import.RunAsync(() => { }, Cancel);
            Assert.StartsWith("The store does not answer: the file is gone", import.Error, StringComparison.Ordinal);
            Assert.Equal((0, 0), (import.Created, import.Done));
            await import.CheckAsync(Cancel);
            Assert.StartsWith("The store does not answer: the file is gone", import.Error, StringComparison.Ordinal);
        }

        await import.CheckAsync(Cancel);
        Assert.Null(import.Error);
        Assert.Equal(0, await CountAsync(harness));
    }

    private static async Task<CredentialImport> ImportAsync(CredentialsHarness harness, RealmDetails realm, params CsvCredential[] rows) =>
        new(harness.Credentials, realm, rows, await harness.Applications.ListVoiceAsync(harness.Account.Id, Cancel));

    private static CsvCredential Row(int line, string? userName) => new(line, userName, "secret", null, null, null, null);

    private static async Task<int> CountAsync(CredentialsHarness harness) =>
        (await harness.Credentials.SearchAsync(harness.Account.Id, new SipCredentialSearch { Take = 0 }, Cancel)).Total;
}
