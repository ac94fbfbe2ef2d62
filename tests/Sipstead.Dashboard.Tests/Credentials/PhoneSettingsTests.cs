using Sipstead.Dashboard.Credentials;
using Sipstead.Provisioning.Credentials;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>What a phone is to be told.</summary>
public sealed class PhoneSettingsTests
{
    [Theory]
    [InlineData("http://pbx.example.com/", "pbx.example.com:5060", false)]
    [InlineData("https://192.0.2.4:8443/", "192.0.2.4:5060", false)]
    [InlineData("http://[2001:db8::1]:8080/", "[2001:db8::1]:5060", false)]
    [InlineData("http://localhost:8080/", "127.0.0.1:5060", true)]
    [InlineData("http://127.0.0.1:8080/", "127.0.0.1:5060", true)]
    [InlineData("http://[::1]:8080/", "127.0.0.1:5060", true)]
    public void Server_IsWhereTheDashboardWasOpened_AtTheSipPort(string page, string server, bool isThisMachine)
    {
        var settings = Of("alice", "secret", page);

        Assert.Equal((server, isThisMachine), (settings.Server, settings.IsThisMachine));
    }

    [Fact]
    public void Text_HoldsASettingALine()
    {
        Assert.Equal(
            "sip:alice@office.example.com\nUser name: alice\nPassword: secret\nDomain: office.example.com\nOutbound proxy: pbx.example.com:5060\nTransport: UDP or TCP",
            Of("alice", "secret").Text);
    }

    [Fact]
    public void Text_WithoutAPassword_LeavesItsLineOut() => Assert.DoesNotContain("Password", Of("alice", null).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("bob@desk.example", "sip:bob%40desk.example@office.example.com")]
    [InlineData("+12025550100", "sip:+12025550100@office.example.com")]
    public void Uri_EscapesWhatWouldSplitIt(string userName, string uri) => Assert.Equal(uri, Of(userName, null).Uri);

    [Fact]
    public void Code_IsAPngOfTheText()
    {
        const string prefix = "data:image/png;base64,";
        var code = Of("alice", "secret").Code();

        Assert.StartsWith(prefix, code, StringComparison.Ordinal);
        Assert.Equal([0x89, .. "PNG"u8], Convert.FromBase64String(code[prefix.Length..])[..4]);
        Assert.NotEqual(code, Of("alice", "other").Code());
    }

    [Fact]
    public void LongestSettings_FitIntoACode()
    {
        var settings = Of(new string('w', 32), new string('é', SipPassword.MaximumLength), $"http://{new string('h', 63)}.example.com/");

        Assert.NotEmpty(settings.Code());
    }

    [Fact]
    public void TextForms_HoldNoPassword()
    {
        Assert.DoesNotContain("secret", Of("alice", "secret").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", new NewSecret(Credential("alice"), "hush", default).ToString(), StringComparison.Ordinal);
    }

    private static PhoneSettings Of(string userName, string? password, string page = "http://pbx.example.com/") =>
        PhoneSettings.Of(Credential(userName), password, new Uri(page), 5060);

    private static SipCredentialDetails Credential(string userName) => new()
    {
        Id = 1, RealmId = 2, RealmFqdn = "office.example.com", UserName = userName, Hash1 = "h", Hash1b = null, HttpVoiceV2AppId = null,
    };
}
