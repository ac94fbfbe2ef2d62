using Sipstead.Dashboard.SignIn;

namespace Sipstead.Dashboard.Tests.SignIn;

public sealed class SignInPathTests
{
    [Theory]
    [InlineData("/accounts/1/calls", "/accounts/1/calls")]
    [InlineData("/accounts/1/calls?state=live", "/accounts/1/calls?state=live")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/a\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    public void Return_IsAPathOfOurs(string? asked, string followed) => Assert.Equal(followed, SignInPath.Return(asked));

    [Theory]
    [InlineData("", "/signin")]
    [InlineData("accounts/1/calls?a=b", "/signin?return=%2Faccounts%2F1%2Fcalls%3Fa%3Db")]
    public void To_CarriesThePage(string page, string path) => Assert.Equal(path, SignInPath.To(page));
}
