using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

public sealed class WebUrlTests
{
    [Theory]
    [InlineData("http://b.example/x", "http://b.example/x")]
    [InlineData("HTTPS://B.example", "https://b.example/")]
    [InlineData("  /x  ", "https://app.example/x")]
    [InlineData("/", "https://app.example/")]
    [InlineData("x", "https://app.example/voice/x")]
    [InlineData("./x/../y", "https://app.example/voice/y")]
    [InlineData("../../../x", "https://app.example/x")]
    [InlineData("?y=2", "https://app.example/voice/answer?y=2")]
    [InlineData("//b.example:8080/x", "https://b.example:8080/x")]
    [InlineData("a/b:c", "https://app.example/voice/a/b:c")]
    [InlineData("/x?u=http://c.example", "https://app.example/x?u=http://c.example")]
    public void Resolves(string text, string expected)
    {
        Assert.Equal(WebUrlProblem.None, WebUrl.Resolve(text, VerbRun.BaseUrl, out var url));
        Assert.Equal(expected, url!.AbsoluteUri);
    }

    [Theory]
    [InlineData("mailto:a@b.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("sip:a@b.example")]
    [InlineData("http:")]
    [InlineData("http:///x")]
    [InlineData("http://[")]
    [InlineData("http://a b/")]
    [InlineData("//")]
    [InlineData("\\\\host\\share")]
    public void Refuses(string text)
    {
        Assert.Equal(WebUrlProblem.NotWeb, WebUrl.Resolve(text, VerbRun.BaseUrl, out _));
        Assert.NotEqual(WebUrlProblem.None, WebUrl.Resolve(text, null, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    public void Blank_IsEmpty(string text) => Assert.Equal(WebUrlProblem.Empty, WebUrl.Resolve(text, VerbRun.BaseUrl, out _));

    [Theory]
    [InlineData("/x")]
    [InlineData("x")]
    [InlineData("//b.example")]
    [InlineData("?y")]
    public void Relative_WithoutBase_IsSaidSo(string text) => Assert.Equal(WebUrlProblem.NoBase, WebUrl.Resolve(text, null, out _));
}
