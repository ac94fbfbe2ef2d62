using Sipstead.Provisioning.Applications;

namespace Sipstead.Provisioning.Tests.Applications;

/// <summary>The typed way into the rules of contract 7.</summary>
public sealed class VoiceApplicationFormTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Harness _harness = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static VoiceApplicationForm Full { get; } = new()
    {
        Name = "full",
        CallInitiatedUrl = "https://app.example/voice",
        CallInitiatedMethod = CallbackMethod.Get,
        FallbackUrl = "http://backup.example/voice",
        FallbackMethod = CallbackMethod.Get,
        CallStatusUrl = "https://app.example/status",
        CallStatusMethod = CallbackMethod.Get,
        UserId = "user",
        Password = "secret password",
        FallbackUserId = "fallback user",
        FallbackPassword = "fallback secret",
        TimeoutSeconds = 2.5,
    };

    public async ValueTask InitializeAsync() => _harness = await Harness.OpenAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Form_CreatedAndReadAgain_IsTheSameButForPasswords()
    {
        var created = (await _harness.Applications.CreateAsync(ApiHost.Account, Full, Cancel)).Value!;
        Assert.Equal(Full with { Password = null, FallbackPassword = null }, VoiceApplicationForm.Of(created));
        Assert.Equal(ApplicationServiceType.Voice, created.ServiceType);
    }

    [Fact]
    public async Task Update_FormAsItWasRead_KeepsEverythingAndThePasswords()
    {
        var created = (await _harness.Applications.CreateAsync(ApiHost.Account, Full, Cancel)).Value!;
        var updated = (await _harness.Applications.UpdateAsync(ApiHost.Account, created.Id, VoiceApplicationForm.Of(created), Cancel)).Value!;
        Assert.Equal(created, updated);
        Assert.True(_harness.View.Applications.TryFind(created.Id, out var entry));
        Assert.Equal(("secret password", "fallback secret"), (entry.Credentials!.Password, entry.FallbackCredentials!.Password));
    }

    [Fact]
    public async Task Update_FormWithTheLeast_TakesEverythingElseAway()
    {
        var created = (await _harness.Applications.CreateAsync(ApiHost.Account, Full, Cancel)).Value!;
        var least = new VoiceApplicationForm { Name = "least", CallInitiatedUrl = "http://localhost/", FallbackUrl = "", UserId = "", CallStatusUrl = "" };
        Assert.True((await _harness.Applications.UpdateAsync(ApiHost.Account, created.Id, least, Cancel)).IsSuccess);
        Assert.True(_harness.View.Applications.TryFind(created.Id, out var entry));
        Assert.Equal(("least", null, null), (entry.Name, entry.CallInitiatedFallbackUrl, entry.CallStatusUrl));
        Assert.Equal((null, null, 15), (entry.Credentials, entry.FallbackCredentials, entry.CallbackTimeout.TotalSeconds));
    }

    public static TheoryData<VoiceApplicationForm, int> Broken => new()
    {
        { Full with { Name = null }, 12806 },
        { Full with { CallInitiatedUrl = null }, 12802 },
        { Full with { CallInitiatedUrl = "ftp://a" }, 12803 },
        { Full with { TimeoutSeconds = 26 }, 1008 },
        { Full with { TimeoutSeconds = -1 }, 1008 },
        { Full with { TimeoutSeconds = double.NaN }, 1008 },
        { Full with { UserId = null }, 12800 },
        { Full with { UserId = "other", Password = null }, 12976 },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public async Task Update_FormThatBreaksARule_IsRefusedByItsCode(VoiceApplicationForm form, int code)
    {
        var created = (await _harness.Applications.CreateAsync(ApiHost.Account, Full, Cancel)).Value!;
        Assert.Equal(code, (await _harness.Applications.UpdateAsync(ApiHost.Account, created.Id, form, Cancel)).Error?.Code);
        Assert.Equal(created, await _harness.Applications.FindAsync(ApiHost.Account, created.Id.ToString(), Cancel));
    }

    [Fact]
    public async Task Update_MessagingApplication_IsRefused()
    {
        var messaging = new NewApplication { ServiceType = "Messaging", AppName = "texts" };
        var id = (await _harness.Applications.CreateAsync(ApiHost.Account, messaging, Cancel)).Value!.Id;
        Assert.Equal(12964, (await _harness.Applications.UpdateAsync(ApiHost.Account, id, Full, Cancel)).Error!.Code);
    }

    [Fact]
    public void Text_OfAForm_HasNoPassword() => Assert.DoesNotContain("secret", Full.ToString(), StringComparison.Ordinal);
}
