using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Trunks;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Trunks;

/// <summary>Pages about trunks over the real rules and a database of their own, with a health that tests write.</summary>
internal sealed class TrunksHarness : BunitContext
{
    private readonly TemporaryFolder _folder = new();

    private TrunksHarness()
    {
        DefaultWaitTimeout = Poll.DefaultDeadline;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices().AddScoped<BrowserBridge>().AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<ITrunkHealth>(Health);
        Services.AddProvisioning(new ProvisioningOptions { DataDirectory = _folder.Path, BootstrapPassword = ServerSetup.Password });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public WrittenHealth Health { get; } = new();

    public TrunkService Trunks => Services.GetRequiredService<TrunkService>();

    public AccountContext Account { get; private set; } = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TrunksHarness> OpenAsync(ApiRole role = ApiRole.Admin)
    {
        var harness = new TrunksHarness();
        await harness.Services.OpenProvisioningAsync(Cancel);
        var account = await harness.Services.GetRequiredService<AccountService>().FindAccountAsync(ServerSetup.Account, Cancel);
        harness.Account = new AccountContext(account!, ServerSetup.UserName, role, []);
        harness.RenderTree.Add<CascadingValue<AccountContext>>(value => value.Add(cascading => cascading.Value, harness.Account));
        harness.Render<MudPopoverProvider>();
        return harness;
    }

    public async Task AddAccountAsync(long account) =>
        Assert.True((await Services.GetRequiredService<AccountService>().CreateAccountAsync(account, Cancel)).IsSuccess);

    public async Task<TrunkDetails> CreateAsync(NewTrunk? wish = null, long? account = null)
    {
        var made = await Trunks.CreateAsync(account ?? Account.Id, wish ?? new NewTrunk { Name = "carrier", Host = "sip.carrier.example" }, Cancel);
        Assert.True(made.IsSuccess, made.Error?.Description);
        return made.Value;
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        _folder.Dispose();
    }

    /// <summary>A field by its label.</summary>
    public static IElement Input(IRenderedComponent<MudDialogProvider> form, string label) =>
        form.Find("#" + form.FindAll("label").Single(one => one.TextContent.Trim() == label).GetAttribute("for"));

    public static IElement Button(IRenderedComponent<MudDialogProvider> form, string text) =>
        form.FindAll("button").Single(button => button.TextContent.Trim() == text);

    /// <summary>What tests say of trunks.</summary>
    internal sealed class WrittenHealth : ITrunkHealth
    {
        private readonly Dictionary<long, TrunkHealth> _known = [];

        public event Action<long>? Checked;

        public TrunkHealth? Of(long trunkId) => _known.GetValueOrDefault(trunkId);

        public void Write(long trunkId, TrunkHealth health)
        {
            _known[trunkId] = health;
            Checked?.Invoke(trunkId);
        }
    }
}
