using System.Net;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MudBlazor;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Dashboard.Doctor;
using Sipstead.Dns;
using Sipstead.Dns.Inspection;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>Pages of credentials over the real rules and a database of their own, without server or browser.</summary>
internal sealed class CredentialsHarness : BunitContext
{
    private readonly TemporaryFolder _folder = new();

    private CredentialsHarness(ApiRole role)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices().AddScoped<BrowserBridge>().AddLogging();
        Services.AddProvisioning(new ProvisioningOptions { DataDirectory = _folder.Path, BootstrapPassword = ServerSetup.Password });
        AddRegistrar();
        AddDns();
        Role = role;
    }

    public ApiRole Role { get; }

    public AccountContext Account { get; private set; } = default!;

    public RealmService Realms => Services.GetRequiredService<RealmService>();

    public SipCredentialService Credentials => Services.GetRequiredService<SipCredentialService>();

    public ApplicationService Applications => Services.GetRequiredService<ApplicationService>();

    /// <summary>The database's file: while it lies elsewhere, the store is away.</summary>
    public string Database => _folder["sipstead.db"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<CredentialsHarness> OpenAsync(ApiRole role = ApiRole.Write)
    {
        var harness = new CredentialsHarness(role);
        try
        {
            await harness.Services.OpenProvisioningAsync(Cancel);
            var account = await harness.Services.GetRequiredService<AccountService>().FindAccountAsync(ServerSetup.Account, Cancel);
            harness.Account = new AccountContext(account!, ServerSetup.UserName, role, []);
            harness.RenderTree.Add<CascadingValue<AccountContext>>(value => value.Add(cascading => cascading.Value, harness.Account));
            return harness;
        }
        catch
        {
            await harness.DisposeAsync();
            throw;
        }
    }

    public async Task<RealmDetails> CreateRealmAsync(string name = "office", bool isDefault = false)
    {
        var created = await Realms.CreateAsync(Account.Id, new NewRealm(name, null, isDefault), Cancel);
        Assert.True(created.IsSuccess, created.Error?.Description);
        await Realms.CompletePendingAsync(Cancel);
        return (await Realms.FindAsync(Account.Id, name, Cancel))!;
    }

    public async Task<SipCredentialDetails> CreateCredentialAsync(RealmDetails realm, string userName, string password = "correct horse battery")
    {
        var created = await Credentials.CreateAsync(realm, [SipPassword.Create(userName, realm, password).Value!], Cancel);
        return Assert.Single(created.Value!.Created);
    }

    public async Task<ApplicationDetails> CreateApplicationAsync(string name)
    {
        var wish = new NewApplication
        {
            ServiceType = "Voice-V2", AppName = name, CallInitiatedCallbackUrl = "http://127.0.0.1:9/initiated", CallStatusCallbackUrl = "http://127.0.0.1:9/status",
        };
        var created = await Applications.CreateAsync(Account.Id, wish, Cancel);
        Assert.True(created.IsSuccess, created.Error?.Description);
        return created.Value;
    }

    /// <summary>Shows a dialog as a page would.</summary>
    public async Task<(IRenderedComponent<MudDialogProvider> Provider, IDialogReference Dialog)> ShowAsync<TDialog>(DialogParameters parameters)
        where TDialog : ComponentBase
    {
        Render<MudPopoverProvider>();
        var provider = Render<MudDialogProvider>();
        IDialogReference? dialog = null;
        await provider.InvokeAsync(async () => dialog = await Services.GetRequiredService<IDialogService>().ShowAsync<TDialog>("Test", parameters));
        return (provider, dialog!);
    }

    /// <summary>The input of a dialog with a label.</summary>
    public static IElement Field(IRenderedComponent<MudDialogProvider> provider, string label)
    {
        var named = provider.FindAll("label").First(element => element.TextContent.TrimEnd('*', ' ') == label && element.HasAttribute("for"));
        return provider.Find($"#{named.GetAttribute("for")}");
    }

    /// <summary>The registrar as the server has it; no socket is opened, since nothing starts the transports.</summary>
    private void AddRegistrar() => Services
        .AddSingleton<SipMetrics>().AddSingleton<SipTrace>().AddSingleton<RegistrarMetrics>()
        .AddSingleton(new SipOptions()).AddSingleton<SipTransportLayer>()
        .AddSingleton<ISipFlows>(services => services.GetRequiredService<SipTransportLayer>())
        .AddSingleton(services => new TransactionLayer(
            services.GetRequiredService<ISipFlows>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<SipMetrics>(),
            services.GetRequiredService<SipTrace>(), services.GetRequiredService<ILoggerFactory>()))
        .AddSingleton(new SipSessionOptions()).AddSingleton<SessionLayer>()
        .AddSingleton(services => RegistrarService.Open(
            new RegistrarOptions { DataDirectory = _folder.Path }, services.GetRequiredService<ProvisioningView>(), services.GetRequiredService<SipTransportLayer>(),
            services.GetRequiredService<RegistrarMetrics>(), services.GetRequiredService<SipMetrics>(), services.GetRequiredService<SessionLayer>(),
            services.GetRequiredService<SipTrace>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>()));

    /// <summary>
    /// DNS as the server has it, on a free port of loopback once <see cref="DnsResponder"/> is started. It is also the resolver, so that the zone is delegated as
    /// the zone itself says.
    /// </summary>
    private void AddDns() => Services
        .AddSingleton(new DnsOptions { Port = DnsOptions.AnyFreePort }).AddSingleton<DnsResponder>().AddSingleton<ZoneInspector>()
        .AddSingleton(services => new ZonePublisher(services.GetRequiredService<DnsOptions>().BaseDomain, services.GetRequiredService<TimeProvider>()))
        .AddSingleton<IZoneSource>(services => services.GetRequiredService<ZonePublisher>())
        .AddSingleton(services => new SystemLookup(() => [IPAddress.Loopback], PortOf(services)))
        .AddSingleton(services => new ZoneProbe(
            services.GetRequiredService<IZoneSource>(), () => services.GetRequiredService<DnsResponder>().Endpoints, services.GetRequiredService<SystemLookup>(), PortOf(services)))
        .AddSingleton(new ConnectionSettings
        {
            SipAddress = "127.0.0.1", TlsPort = 5061, PublicAddress = "", BaseDomain = new DnsOptions().BaseDomain, DnsPort = 53, HttpUrls = [], MediaPorts = "20000-29999",
        })
        .AddSingleton<ConnectionDoctor>();

    private static int PortOf(IServiceProvider services) => services.GetRequiredService<DnsResponder>().Endpoints[0].Port;

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        _folder.Dispose();
    }
}
