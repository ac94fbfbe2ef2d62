using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests;

/// <summary>The rules without HTTP, over a database in a given folder. Pending realms are completed when a test says so.</summary>
internal sealed class Harness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Harness(ServiceProvider services, CapturedLog log, string? generatedPassword)
    {
        _services = services;
        Log = log;
        GeneratedPassword = generatedPassword;
    }

    public CapturedLog Log { get; }

    public string? GeneratedPassword { get; }

    public ProvisioningView View => _services.GetRequiredService<ProvisioningView>();

    public ProvisioningStore Store => _services.GetRequiredService<ProvisioningStore>();

    public RealmService Realms => _services.GetRequiredService<RealmService>();

    public SipCredentialService Credentials => _services.GetRequiredService<SipCredentialService>();

    public ApplicationService Applications => _services.GetRequiredService<ApplicationService>();

    public AccountService Accounts => _services.GetRequiredService<AccountService>();

    public ApiUserAuthenticator Authenticator => _services.GetRequiredService<ApiUserAuthenticator>();

    public IServiceProvider Services => _services;

    public static async Task<Harness> OpenAsync(TemporaryFolder folder, ProvisioningOptions? options = null, TimeProvider? time = null)
    {
        var log = new CapturedLog();
        var services = new ServiceCollection().AddLogging(logging => logging.ClearProviders().AddProvider(log));
        if (time is not null) services.AddSingleton(time);
        services.AddProvisioning(await TestDatabase.InAsync(folder, options ?? new ProvisioningOptions()));
        var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        try
        {
            return new Harness(provider, log, await provider.OpenProvisioningAsync(TestContext.Current.CancellationToken));
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what runs in the background.</summary>
    public async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>()) await service.StartAsync(TestContext.Current.CancellationToken);
    }

    public Task CompletePendingAsync() =>
        _services.GetRequiredService<RealmLifecycle>().CompletePendingAsync(TestContext.Current.CancellationToken);

    public async Task<RealmDetails> CreateActiveRealmAsync(string name, bool isDefault = false, long account = ApiHost.Account)
    {
        var created = await Realms.CreateAsync(account, new NewRealm(name, null, isDefault), TestContext.Current.CancellationToken);
        Assert.True(created.IsSuccess, created.Error?.Description);
        await CompletePendingAsync();
        return (await Realms.FindAsync(account, name, TestContext.Current.CancellationToken))!;
    }

    /// <summary>Makes a voice application; returns its id.</summary>
    public async Task<Guid> CreateApplicationAsync(string name, long account = ApiHost.Account)
    {
        var wish = new NewApplication { ServiceType = "Voice-V2", AppName = name, CallInitiatedCallbackUrl = "http://localhost/voice" };
        var created = await Applications.CreateAsync(account, wish, TestContext.Current.CancellationToken);
        Assert.True(created.IsSuccess, created.Error?.Description);
        return created.Value!.Id;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>()) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
