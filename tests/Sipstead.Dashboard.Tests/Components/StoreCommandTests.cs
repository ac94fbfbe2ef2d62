using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Sipstead.Dashboard.Components;
using Sipstead.Dashboard.Credentials;
using Sipstead.Dashboard.Tests.Credentials;
using Sipstead.Dashboard.Trunks;
using Sipstead.Dashboard.Users;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Trunks;
using Sipstead.Testing;
using VoiceApplicationDialog = Sipstead.Dashboard.Applications.ApplicationDialog;

namespace Sipstead.Dashboard.Tests.Components;

/// <summary>Dialogs while the store is away: each says so, stays open with what was typed, and does it once the store is back.</summary>
public sealed class StoreCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credential_IsAdded_OnceTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync(isDefault: true);
        await ComesBackAsync<CredentialDialog>(
            harness, new DialogParameters<CredentialDialog> { { x => x.Realms, new RealmRows([realm], 1) }, { x => x.Applications, [] } },
            dialog =>
            {
                CredentialsHarness.Field(dialog, "User name").Input("alice");
                CredentialsHarness.Field(dialog, "Password").Input("correct horse battery");
            });
    }

    [Fact]
    public async Task Realm_IsAdded_OnceTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        await ComesBackAsync<RealmDialog>(harness, [], dialog => CredentialsHarness.Field(dialog, "Name").Change("office"));
        Assert.NotNull(await harness.Realms.FindAsync(harness.Account.Id, "office", Cancel));
    }

    [Fact]
    public async Task Secret_IsRotated_OnceTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var credential = await harness.CreateCredentialAsync(await harness.CreateRealmAsync(), "alice");
        await ComesBackAsync<RotateDialog>(
            harness, new DialogParameters<RotateDialog> { { x => x.Credential, credential } }, dialog => CredentialsHarness.Field(dialog, "Password").Input("another horse battery"));
        Assert.NotEqual(credential.Hash1, (await harness.Credentials.FindAsync(harness.Account.Id, credential.Id, Cancel))!.Credential.Hash1);
    }

    [Fact]
    public async Task ApplicationOfACredential_IsSaved_OnceTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var credential = await harness.CreateCredentialAsync(await harness.CreateRealmAsync(), "alice");
        await ComesBackAsync<ApplicationDialog>(
            harness, new DialogParameters<ApplicationDialog> { { x => x.Credential, credential }, { x => x.Applications, [] } }, _ => { });
    }

    [Fact]
    public async Task Application_IsAdded_OnceTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        await ComesBackAsync<VoiceApplicationDialog>(harness, [], dialog =>
        {
            CredentialsHarness.Field(dialog, "Name").Change("menu");
            CredentialsHarness.Field(dialog, "Call initiated URL").Change("http://127.0.0.1:9/initiated");
        });
        Assert.Single(await harness.Applications.ListAsync(harness.Account.Id, Cancel));
    }

    [Fact]
    public async Task Trunk_IsAdded_OnceTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Admin);
        await ComesBackAsync<TrunkDialog>(harness, [], dialog =>
        {
            CredentialsHarness.Field(dialog, "Name").Change("carrier");
            CredentialsHarness.Field(dialog, "Host").Change("sip.carrier.example");
        });
        Assert.Single(await harness.Services.GetRequiredService<TrunkService>().ListAsync(harness.Account.Id, Cancel));
    }

    [Fact]
    public async Task User_IsAdded_OnceTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Admin);
        await ComesBackAsync<UserDialog>(
            harness, [], dialog => CredentialsHarness.Field(dialog, "Name").Input("ci"), dialog => dialog.FindAll("button").Single(button => button.TextContent.Trim() == "Add user").ClickAsync());
        Assert.NotNull(await harness.Services.GetRequiredService<AccountService>().FindUserAsync("ci", Cancel));
    }

    [Fact]
    public async Task Question_StaysOpen_UntilTheStoreIsBack()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var credential = await harness.CreateCredentialAsync(await harness.CreateRealmAsync(), "alice");
        Func<Task<string?>> delete = () => harness.Credentials.DeleteAsync(harness.Realms, harness.Account.Id, credential);
        await ComesBackAsync<ConfirmDialog>(
            harness, new DialogParameters<ConfirmDialog> { { x => x.Text, "Its phone is signed out." }, { x => x.Confirm, "Delete" }, { x => x.Command, delete } }, _ => { },
            dialog => dialog.FindAll("button").Single(button => button.TextContent.Trim() == "Delete").ClickAsync());
        Assert.Null(await harness.Credentials.FindAsync(harness.Account.Id, credential.Id, Cancel));
    }

    [Fact]
    public async Task Rotation_OpensWithoutTheStore_AndSaysSo()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var credential = await harness.CreateCredentialAsync(await harness.CreateRealmAsync(), "alice");
        using var away = new AwayFile(harness.Database);

        var (provider, dialog) = await harness.ShowAsync<RotateDialog>(new DialogParameters<RotateDialog> { { x => x.Credential, credential } });

        AssertTold(provider, dialog);
    }

    [Fact]
    public async Task Trunk_OpensWithoutTheStore_AndSaysSo()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Admin);
        using var away = new AwayFile(harness.Database);

        var (provider, dialog) = await harness.ShowAsync<TrunkDialog>([]);

        AssertTold(provider, dialog);
    }

    private static async Task ComesBackAsync<TDialog>(
        CredentialsHarness harness, DialogParameters parameters, Action<IRenderedComponent<MudDialogProvider>> fill,
        Func<IRenderedComponent<MudDialogProvider>, Task>? submit = null)
        where TDialog : ComponentBase
    {
        submit ??= dialog => dialog.Find("form").SubmitAsync();
        var (provider, dialog) = await harness.ShowAsync<TDialog>(parameters);
        fill(provider);
        using (new AwayFile(harness.Database))
        {
            await submit(provider);
            AssertTold(provider, dialog);
        }

        await submit(provider);
        Assert.False((await dialog.Result)!.Canceled);
    }

    private static void AssertTold(IRenderedComponent<MudDialogProvider> provider, IDialogReference dialog)
    {
        provider.WaitForAssertion(
            () => Assert.Contains("The store does not answer: the file is gone", provider.Find(".dialog-error").TextContent, StringComparison.Ordinal));
        Assert.False(dialog.Result.IsCompleted);
    }
}
