using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Devices;

/// <summary>Pages about devices over the real registrar, history and trace, with a clock that stands and no phones.</summary>
internal sealed class DevicesHarness : BunitContext
{
    private readonly TemporaryFolder _folder = new();

    private DevicesHarness()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices().AddScoped<BrowserBridge>().AddLogging().AddMetrics();
        Services.AddProvisioning(new ProvisioningOptions { DataDirectory = _folder.Path, BootstrapPassword = ServerSetup.Password });
        Services.AddSingleton<TimeProvider>(Time).AddSingleton<SipMetrics>().AddSingleton<RegistrarMetrics>().AddSingleton<SipTrace>(
            services => new SipTrace(Time, services.GetRequiredService<SipMetrics>()));
        Services.AddSingleton(new SipOptions()).AddSingleton<SipTransportLayer>();
        Services.AddSingleton(services => new TransactionLayer(
            services.GetRequiredService<SipTransportLayer>(), Time, services.GetRequiredService<SipMetrics>(), services.GetRequiredService<SipTrace>(),
            services.GetRequiredService<ILoggerFactory>()));
        Services.AddSingleton(new SipSessionOptions()).AddSingleton<SessionLayer>();
        Services.AddSingleton(services => RegistrarService.Open(
            new RegistrarOptions { DataDirectory = _folder.Path }, services.GetRequiredService<ProvisioningView>(), services.GetRequiredService<SipTransportLayer>(),
            services.GetRequiredService<RegistrarMetrics>(), services.GetRequiredService<SipMetrics>(), services.GetRequiredService<SessionLayer>(),
            services.GetRequiredService<SipTrace>(), Time, services.GetRequiredService<ILoggerFactory>()));
    }

    public FakeTimeProvider Time { get; } = new(Bindings.Start);

    public RegistrarService Registrar => Services.GetRequiredService<RegistrarService>();

    public SipTrace Trace => Services.GetRequiredService<SipTrace>();

    /// <summary>The file that the store cannot do without.</summary>
    public string Database => _folder["sipstead.db"];

    public AccountContext Account { get; private set; } = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<DevicesHarness> OpenAsync(ApiRole role = ApiRole.Write)
    {
        var harness = new DevicesHarness();
        try
        {
            await harness.Services.OpenProvisioningAsync(Cancel);
            var account = await harness.Services.GetRequiredService<AccountService>().FindAccountAsync(ServerSetup.Account, Cancel);
            harness.Account = new AccountContext(account!, ServerSetup.UserName, role, []);
            return harness;
        }
        catch
        {
            await harness.DisposeAsync();
            throw;
        }
    }

    public async Task<RealmDetails> CreateRealmAsync(string name = "office")
    {
        var realms = Services.GetRequiredService<RealmService>();
        var created = await realms.CreateAsync(Account.Id, new NewRealm(name, null, false), Cancel);
        Assert.True(created.IsSuccess, created.Error?.Description);
        await realms.CompletePendingAsync(Cancel);
        return (await realms.FindAsync(Account.Id, name, Cancel))!;
    }

    public async Task<SipCredentialDetails> CreateCredentialAsync(RealmDetails realm, string userName)
    {
        var wish = SipPassword.Create(userName, realm, "correct horse battery").Value!;
        var created = await Services.GetRequiredService<SipCredentialService>().CreateAsync(realm, [wish], Cancel);
        return Assert.Single(created.Value!.Created);
    }

    /// <summary>Shows a component as the gate of an account does.</summary>
    public IRenderedComponent<TComponent> Show<TComponent>(Action<ComponentParameterCollectionBuilder<TComponent>> parameters, AccountContext? account = null)
        where TComponent : IComponent
    {
        RenderTree.Add<CascadingValue<AccountContext>>(value => value.Add(cascading => cascading.Value, account ?? Account));
        return Render(parameters);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        _folder.Dispose();
    }
}
