using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Tests.Credentials;

/// <summary>Contract 5.5: hashes made of a password. The expected values are of md5sum.</summary>
public sealed class SipPasswordTests
{
    private const string Fqdn = "office.abcdef.auth.example";
    private const string Password = "péss word";
    private const string Hash1 = "3a67f966fe5beb353e12f30d2f9dac3e";
    private const string Hash1b = "a608617733d182776feddb088731066b";

    private static RealmDetails Realm { get; } = new(7, 99, "office", Fqdn, null, false, 0, RealmStatus.Active);

    [Fact]
    public void Create_Password_HasBothHashesAndTheApplication()
    {
        var application = Guid.NewGuid();
        var entry = SipPassword.Create("alice", Realm, Password, application).Value!;
        Assert.Equal(("alice", Hash1, Hash1b, application.ToString()), (entry.UserName, entry.Hash1, entry.Hash1b, entry.HttpVoiceV2AppId));
        Assert.Null(SipPassword.Create("alice", Realm, Password).Value!.HttpVoiceV2AppId);
    }

    [Fact]
    public async Task Update_Password_ChangesTheHashesAndKeepsTheApplication()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var harness = await Harness.OpenAsync(folder);
        var realm = await harness.CreateActiveRealmAsync("office");
        var application = await harness.CreateApplicationAsync("voice");
        var entry = SipPassword.Create("Alice", realm, "first password", application).Value!;
        var created = Assert.Single((await harness.Credentials.CreateAsync(realm, [entry], cancel)).Value!.Created);

        var update = SipPassword.Update(created, "second password").Value!;
        var updated = (await harness.Credentials.UpdateAsync(realm, $"{created.Id}", update, cancel)).Value!;
        Assert.Equal(DigestHashes.Hash1("Alice", realm.Fqdn, "second password"), updated.Hash1);
        Assert.Equal(DigestHashes.Hash1b("Alice", realm.Fqdn, "second password"), updated.Hash1b);
        Assert.Equal(application.ToString(), updated.HttpVoiceV2AppId);
        Assert.DoesNotContain("password", harness.Log.Text.Replace("passwords", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with\ttab")]
    [InlineData(129)]
    public void Check_WhatNoPhoneCouldSend_IsRefusedWithoutRepeatingIt(object text)
    {
        var password = text is int length ? new string('x', length) : (string)text;
        var error = SipPassword.Create("alice", Realm, password).Error!;
        Assert.Equal(ProvisioningErrorKind.Invalid, error.Kind);
        if (password.Length > 0) Assert.DoesNotContain(password, error.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("short")]
    public void Check_ShortPassword_IsAdviceNotARule(string password) => Assert.Null(SipPassword.Check(password));
}
