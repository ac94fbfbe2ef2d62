using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Tests.Credentials;

/// <summary>The dry run of an import: what it says is what comes true.</summary>
public sealed class SipCredentialCheckTests : IAsyncLifetime
{
    private const string Hash = "1be6abcaa8e9956021d30f33a3925b99";

    private readonly TemporaryFolder _folder = new();
    private Harness _harness = null!;
    private RealmDetails _realm = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder);
        _realm = await _harness.CreateActiveRealmAsync("office");
        await _harness.Credentials.CreateAsync(_realm, [Entry("taken")], Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Check_ListWithEveryKindOfError_SaysWhatCreateWillSay()
    {
        NewSipCredential[] entries =
        [
            Entry("alice"), Entry("TAKEN"), Entry("bad name"), Entry("Alice"), new() { UserName = "bob" }, new() { Hash1 = Hash },
            Entry("carol", Guid.NewGuid().ToString()), Entry("dave", "no uuid"), Entry("erin"), Entry(new string('x', 33)),
        ];
        var said = (await _harness.Credentials.CheckAsync(_realm, entries, Cancel)).Value!;
        Assert.Equal(1, _harness.View.Credentials.Count);
        Assert.Equal(1, (await _harness.Realms.FindAsync(ApiHost.Account, "office", Cancel))!.SipCredentialCount);

        var batch = (await _harness.Credentials.CreateAsync(_realm, entries, Cancel)).Value!;
        Assert.Equal([23026, 23014, 23000, 1003, 1003, 23019, 23020, 23002], said.Select(one => one.Error.Code));
        Assert.Equal(batch.Rejected, said);
        Assert.All(said, one => Assert.Contains(entries, entry => ReferenceEquals(entry, one.Entry)));
        Assert.Equal(["alice", "erin"], batch.Created.Select(c => c.UserName));
    }

    [Fact]
    public async Task Check_MoreThanOneRequestTakes_FindsNamesThatOccurTwiceAmongThem()
    {
        var entries = Enumerable.Range(0, 5000).Select(i => Entry($"user{i}")).Append(Entry("USER17")).ToArray();
        var said = Assert.Single((await _harness.Credentials.CheckAsync(_realm, entries, Cancel)).Value!);
        Assert.Equal((entries[^1], 23000), (said.Entry, said.Error.Code));
    }

    [Theory]
    [InlineData(0, 23006)]
    [InlineData(SipCredentialService.MaximumCheckedEntries + 1, 23003)]
    public async Task Check_NoneOrTooMany_IsRefused(int count, int code) => Assert.Equal(
        code, (await _harness.Credentials.CheckAsync(_realm, [.. Enumerable.Range(0, count).Select(i => Entry($"u{i}"))], Cancel)).Error!.Code);

    [Fact]
    public async Task Check_RealmThatIsGoneOrAccountWithoutSip_SaysSo()
    {
        await _harness.Accounts.SetSipEnabledAsync(ApiHost.Account, false, Cancel);
        Assert.Equal(33004, (await _harness.Credentials.CheckAsync(_realm, [Entry("alice")], Cancel)).Error!.Code);
        await _harness.Accounts.SetSipEnabledAsync(ApiHost.Account, true, Cancel);
        var gone = _realm with { Id = 4711 };
        Assert.Equal(23022, Assert.Single((await _harness.Credentials.CheckAsync(gone, [Entry("alice")], Cancel)).Value!).Error.Code);
    }

    private static NewSipCredential Entry(string name, string? application = null) =>
        new() { UserName = name, Hash1 = Hash, HttpVoiceV2AppId = application };
}
