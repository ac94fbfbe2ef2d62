using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>S-46: secrets that must be given back are not told by the database alone.</summary>
public sealed class SecretSealTests : IDisposable
{
    private const string Secret = "sésame, ouvre-toi";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string KeyFile => _folder[SecretSeal.FileName];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(Secret)]
    public void S_46_SealedSecret_OpensForItsOwnerWithItsKeyAlone(string secret)
    {
        var seal = new SecretSeal(_folder.Path);
        var text = seal.Seal(secret, "one");
        Assert.NotEqual(text, seal.Seal(secret, "one"));
        Assert.True(new SecretSeal(_folder.Path).TryOpen(text, "one", out var opened));
        Assert.Equal(secret, opened);
        Assert.False(seal.TryOpen(text, "two", out _));
        using var elsewhere = new TemporaryFolder();
        Assert.False(new SecretSeal(elsewhere.Path).TryOpen(text, "one", out _));
    }

    [Fact]
    public void S_46_AnyOctetChanged_DoesNotOpen()
    {
        var seal = new SecretSeal(_folder.Path);
        var sealedOctets = Convert.FromBase64String(seal.Seal(Secret, "one"));
        for (var at = 0; at < sealedOctets.Length; at++)
        {
            sealedOctets[at] ^= 1;
            Assert.False(seal.TryOpen(Convert.ToBase64String(sealedOctets), "one", out _));
            sealedOctets[at] ^= 1;
        }

        foreach (var text in (string[])["", "no base64!", "AAAA", Secret]) Assert.False(seal.TryOpen(text, "one", out _));
    }

    [Fact]
    public void Open_MakesAKeyThatNobodyElseReads_AndRefusesAnotherFile()
    {
        new SecretSeal(_folder.Path).Open();
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(32, new FileInfo(KeyFile).Length);
        File.WriteAllText(KeyFile, "short");
        Assert.Contains(KeyFile, Assert.Throws<ProvisioningStoreException>(new SecretSeal(_folder.Path).Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_46_CallbackPasswords_StandNowhereInTheDataFolder_AndOutliveARestart()
    {
        Guid id;
        await using (var harness = await Harness.OpenAsync(_folder))
        {
            id = (await harness.Applications.CreateAsync(ApiHost.Account, Wish(Secret, "fallback " + Secret), Cancel)).Value!.Id;
            Assert.False(_folder.Holds(Secret));
            await harness.Applications.UpdateAsync(ApiHost.Account, $"{id}", new NewApplication { AppName = "renamed" }, isPartial: true, Cancel);
            AssertShown(harness, id, Secret, "fallback " + Secret);
        }

        await using (var harness = await Harness.OpenAsync(_folder))
        {
            AssertShown(harness, id, Secret, "fallback " + Secret);
            await harness.Applications.UpdateAsync(ApiHost.Account, $"{id}", Wish("another secret", "fallback " + Secret), isPartial: false, Cancel);
            AssertShown(harness, id, "another secret", "fallback " + Secret);
            Assert.DoesNotContain(Secret, harness.Log.Text, StringComparison.Ordinal);
        }

        Assert.False(_folder.Holds("another secret"));
    }

    [Fact]
    public async Task Start_WithoutTheOldKey_SaysWhoseSecretsAreLost_AndTakesNewOnes()
    {
        Guid id;
        await using (var harness = await Harness.OpenAsync(_folder))
            id = (await harness.Applications.CreateAsync(ApiHost.Account, Wish(Secret, null), Cancel)).Value!.Id;
        File.Delete(KeyFile);
        await using (var harness = await Harness.OpenAsync(_folder))
        {
            Assert.Contains("The callback passwords of 1 applications were sealed with another key than that in secrets.key", harness.Log.Text, StringComparison.Ordinal);
            AssertShown(harness, id, "", null);
            await harness.Applications.UpdateAsync(ApiHost.Account, $"{id}", Wish("fresh", null), isPartial: true, Cancel);
            AssertShown(harness, id, "fresh", null);
        }

        await using var after = await Harness.OpenAsync(_folder);
        AssertShown(after, id, "fresh", null);
        Assert.DoesNotContain("another key", after.Log.Text, StringComparison.Ordinal);
    }

    private static NewApplication Wish(string password, string? fallbackPassword) => new()
    {
        ServiceType = "Voice-V2", AppName = "app", CallInitiatedCallbackUrl = "https://app.example/voice", CallbackCreds = new NewCallbackCredentials("user", password),
        CallInitiatedFallbackUrl = "https://backup.example/voice",
        CallInitiatedFallbackCreds = fallbackPassword is null ? null : new NewCallbackCredentials("user", fallbackPassword),
    };

    private static void AssertShown(Harness harness, Guid id, string password, string? fallbackPassword)
    {
        Assert.True(harness.View.Applications.TryFind(id, out var entry));
        Assert.Equal((password, fallbackPassword), (entry.Credentials!.Password, entry.FallbackCredentials?.Password));
    }
}
