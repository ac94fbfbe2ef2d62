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

    /// <summary>Of openssl, as is SHA-512/256.</summary>
    private static readonly ShaHashes Sha = new()
    {
        Hash1Sha256 = "f1285b87086b99e9037c7d56303a75b22cb812c8ebbb217d3d709a641fae4d95",
        Hash1bSha256 = "b11e4efa7641771df14581417dec685e5f9ed7f8946137d2dc135792c3e219de",
        Hash1Sha512256 = "6cd22624ea5b5e1252a8f7c0df5c009cf4627760b2e8822345dbda757133ef78",
        Hash1bSha512256 = "bc8714b12b633675036e9e3b4f728a8151e3eb44eeb01382ea5fdf397c5e72ab",
    };

    private static RealmDetails Realm { get; } = new(7, 99, "office", Fqdn, null, false, 0, RealmStatus.Active);

    [Fact]
    public void Create_Password_HasAllHashesAndTheApplication()
    {
        var application = Guid.NewGuid();
        var entry = SipPassword.Create("alice", Realm, Password, application).Value!;
        Assert.Equal(("alice", Hash1, Hash1b, application.ToString()), (entry.UserName, entry.Hash1, entry.Hash1b, entry.HttpVoiceV2AppId));
        Assert.Equal(Sha, entry.Sha);
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
        Assert.Equal(SipPassword.Sha("Alice", realm.Fqdn, "second password"), updated.Sha);
        Assert.NotEqual(created.Sha, updated.Sha);
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
