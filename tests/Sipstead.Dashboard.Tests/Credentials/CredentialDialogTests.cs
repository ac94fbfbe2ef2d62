using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Sipstead.Dashboard.Credentials;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>The dialogs over the real rules: what is stored, and what a refusal leaves behind.</summary>
public sealed class CredentialDialogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credential_IsStoredWithItsHashes_AndThePasswordIsHandedOnOnce()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync(isDefault: true);
        var (provider, dialog) = await harness.ShowAsync<CredentialDialog>(Add(realm));

        CredentialsHarness.Field(provider, "User name").Input("alice");
        CredentialsHarness.Field(provider, "Password").Input("correct horse battery");
        await provider.Find("form").SubmitAsync();

        var secret = Assert.IsType<NewSecret>((await dialog.Result)!.Data);
        Assert.Equal("correct horse battery", secret.Password);
        Assert.Equal(SipPassword.Hash1("alice", realm.Fqdn, "correct horse battery"), secret.Credential.Hash1);
        Assert.NotNull(await harness.Credentials.FindAsync(harness.Account.Id, secret.Credential.Id, Cancel));
    }

    [Theory]
    [InlineData("", "correct horse battery", "UserName is required")]
    [InlineData("taken", "correct horse battery", "does already exist")]
    [InlineData("a b", "correct horse battery", "may contain letters, digits and")]
    [InlineData("alice", "", "The password is empty")]
    public async Task RefusedCredential_SaysWhy_AndKeepsWhatWasTyped(string userName, string password, string reason)
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        await harness.CreateCredentialAsync(realm, "taken");
        var (provider, dialog) = await harness.ShowAsync<CredentialDialog>(Add(realm));

        CredentialsHarness.Field(provider, "User name").Input(userName);
        CredentialsHarness.Field(provider, "Password").Input(password);
        await provider.Find("form").SubmitAsync();

        Assert.Contains(reason, provider.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal(userName, CredentialsHarness.Field(provider, "User name").GetAttribute("value") ?? "");
        Assert.False(dialog.Result.IsCompleted);
    }

    [Fact]
    public async Task Reader_StoresNothing()
    {
        await using var harness = await CredentialsHarness.OpenAsync(ApiRole.Read);
        var realm = await harness.CreateRealmAsync();
        var (provider, _) = await harness.ShowAsync<CredentialDialog>(Add(realm));

        CredentialsHarness.Field(provider, "User name").Input("alice");
        CredentialsHarness.Field(provider, "Password").Input("correct horse battery");
        await provider.Find("form").SubmitAsync();

        Assert.Equal(0, (await harness.Credentials.SearchAsync(harness.Account.Id, new SipCredentialSearch(), Cancel)).Total);
    }

    [Fact]
    public async Task Realm_IsActive_WhenItsDialogCloses()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var (provider, dialog) = await harness.ShowAsync<RealmDialog>(new DialogParameters<RealmDialog> { { x => x.IsFirst, true } });

        CredentialsHarness.Field(provider, "Name").Change("office");
        await provider.Find("form").SubmitAsync();

        Assert.False((await dialog.Result)!.Canceled);
        var realm = await harness.Realms.FindAsync(harness.Account.Id, "office", Cancel);
        Assert.Equal((RealmStatus.Active, true), (realm!.Status, realm.IsDefault));
    }

    [Fact]
    public async Task RefusedRealm_SaysWhyInTheWordsOfTheRule()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var (provider, _) = await harness.ShowAsync<RealmDialog>([]);

        CredentialsHarness.Field(provider, "Name").Change("Not Valid");
        await provider.Find("form").SubmitAsync();

        Assert.Contains("Use lower-case letters and digits only.", provider.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("Not Valid", CredentialsHarness.Field(provider, "Name").GetAttribute("value"));
    }

    [Fact]
    public async Task Realm_OffersWhatIsTicked_OrSaysWhoseHashIsMissing()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        await harness.Credentials.CreateAsync(realm, [new NewSipCredential { UserName = "desk.1", Hash1 = "x" }], Cancel);
        var (provider, dialog) = await harness.ShowAsync<RealmDialog>(new DialogParameters<RealmDialog> { { x => x.Realm, realm } });

        Box(provider, "SHA-256").Change(true);
        await provider.Find("form").SubmitAsync();
        Assert.Contains("SHA-256 cannot be offered while SIP credentials of the realm have no Hash1Sha256 (1: desk.1).", provider.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        var credential = Assert.Single((await harness.Credentials.SearchAsync(harness.Account.Id, new SipCredentialSearch(), Cancel)).Rows).Credential;
        await harness.Credentials.RotateAsync(harness.Realms, harness.Account.Id, credential, SipPassword.Update(credential, "correct horse battery").Value!);
        Box(provider, "MD5").Change(false);
        await provider.Find("form").SubmitAsync();
        Assert.False((await dialog.Result)!.Canceled);
        Assert.Equal(DigestAlgorithms.Sha256, (await harness.Realms.FindAsync(harness.Account.Id, "office", Cancel))!.DigestAlgorithms);
    }

    [Fact]
    public async Task OwnHashes_AreNeededForEachAlgorithmOfTheRealm()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = (await harness.Realms.CreateAsync(harness.Account.Id, new NewRealm("strict", null, false) { DigestAlgorithms = DigestAlgorithms.Sha256 }, Cancel)).Value!;
        await harness.Realms.CompletePendingAsync(Cancel);
        var credential = await harness.CreateCredentialAsync(realm, "alice");
        var secret = new SecretInput { IsHashes = true, Hash1 = "none" };

        var refused = await harness.Credentials.RotateAsync(harness.Realms, harness.Account.Id, credential, secret.Update(credential).Value!);
        Assert.Equal("Hash1Sha256 is required, since the realm offers SHA-256", refused.Error!.Description);

        secret.Hash1Sha256 = $" {SipPassword.Sha("alice", realm.Fqdn, "x").Hash1Sha256} ";
        var rotated = await harness.Credentials.RotateAsync(harness.Realms, harness.Account.Id, credential, secret.Update(credential).Value!);
        Assert.Equal(new ShaHashes { Hash1Sha256 = secret.Hash1Sha256.Trim() }, rotated.Value!.Sha);
    }

    [Fact]
    public async Task Rotation_ChangesTheHashes_AndNothingElse()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var credential = await harness.CreateCredentialAsync(realm, "alice");
        var (provider, dialog) = await harness.ShowAsync<RotateDialog>(new DialogParameters<RotateDialog> { { x => x.Credential, credential } });

        CredentialsHarness.Field(provider, "Password").Input("another horse battery");
        await provider.Find("form").SubmitAsync();

        Assert.Equal("another horse battery", Assert.IsType<NewSecret>((await dialog.Result)!.Data).Password);
        var rotated = (await harness.Credentials.FindAsync(harness.Account.Id, credential.Id, Cancel))!.Credential;
        Assert.Equal(SipPassword.Hash1("alice", realm.Fqdn, "another horse battery"), rotated.Hash1);
    }

    [Fact]
    public async Task Application_IsChanged_WithoutTakingBackARotationSinceThePageWasLoaded()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var loaded = await harness.CreateCredentialAsync(realm, "alice");
        var desk = await harness.CreateApplicationAsync("Front desk");
        await harness.Credentials.RotateAsync(harness.Realms, harness.Account.Id, loaded, SipPassword.Update(loaded, "another horse battery").Value!);

        var result = await harness.Credentials.SetApplicationAsync(harness.Realms, harness.Account.Id, loaded, desk.Id);

        Assert.True(result.IsSuccess);
        Assert.Equal(desk.Id.ToString(), result.Value.HttpVoiceV2AppId);
        Assert.Equal(SipPassword.Hash1("alice", realm.Fqdn, "another horse battery"), result.Value.Hash1);
    }

    [Fact]
    public async Task Commands_ReachNoCredentialOfAnotherAccount()
    {
        await using var harness = await CredentialsHarness.OpenAsync();
        var realm = await harness.CreateRealmAsync();
        var credential = await harness.CreateCredentialAsync(realm, "alice");
        var other = (await harness.Services.GetRequiredService<AccountService>().CreateAccountAsync(9_900_001, Cancel)).Value!.Id;

        Assert.NotNull(await harness.Credentials.DeleteAsync(harness.Realms, other, credential));
        Assert.False((await harness.Credentials.RotateAsync(harness.Realms, other, credential, SipPassword.Update(credential, "x").Value!)).IsSuccess);
        Assert.False((await harness.Credentials.SetApplicationAsync(harness.Realms, other, credential, null)).IsSuccess);
        Assert.Equal(credential.Hash1, (await harness.Credentials.FindAsync(harness.Account.Id, credential.Id, Cancel))!.Credential.Hash1);
    }

    [Fact]
    public void OwnHashes_AreHandedOnAsTyped_AndThePasswordIsUnknown()
    {
        var secret = new SecretInput { IsHashes = true, Password = "typed before", Hash1 = " 0123 ", Hash1b = "" };

        var wish = secret.Create("alice", new RealmDetails(1, 2, "office", "office.example.com", null, false, 0, RealmStatus.Active), null);

        Assert.Equal(("0123", ""), (wish.Value!.Hash1, wish.Value.Hash1b));
        Assert.Null(secret.KnownPassword);
    }

    [Fact]
    public void GeneratedPassword_IsStrong_AndIsThePassword()
    {
        var secret = new SecretInput { IsHashes = true };

        secret.Generate();

        Assert.Equal(PasswordStrength.Strong, PasswordEstimate.Of(secret.Password));
        Assert.Equal(secret.Password, secret.KnownPassword);
    }

    private static DialogParameters<CredentialDialog> Add(RealmDetails realm) => new() { { x => x.Realms, new RealmRows([realm], 1) }, { x => x.Applications, [] } };

    /// <summary>The box with this text beside it.</summary>
    private static AngleSharp.Dom.IElement Box(IRenderedComponent<MudDialogProvider> provider, string text) =>
        provider.FindAll("label").First(label => label.TextContent.Trim() == text && label.QuerySelector("input[type=checkbox]") is not null)
            .QuerySelector("input[type=checkbox]")!;
}
