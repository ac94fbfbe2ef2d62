using System.Net;
using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Whose forwarded headers are believed (contract 5.3).</summary>
public sealed class RequestOriginTests
{
    [Theory]
    [InlineData("127.0.0.1", "https://api.example.net")]
    [InlineData("::1", "https://api.example.net")]
    [InlineData("::ffff:127.0.0.1", "https://api.example.net")]
    [InlineData("192.0.2.7", "https://api.example.net")]
    [InlineData("::ffff:192.0.2.7", "https://api.example.net")]
    [InlineData("192.0.2.8", "http://direct.example:8080")]
    [InlineData(null, "http://direct.example:8080")]
    public void Of_ForwardedRequest_BelievesLoopbackAndKnownProxiesOnly(string? remote, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("direct.example", 8080);
        context.Request.Headers["X-Forwarded-Proto"] = "https";
        context.Request.Headers["X-Forwarded-Host"] = "api.example.net";
        Assert.Equal(expected, new RequestOrigin(["192.0.2.7"]).Of(context));
    }

    [Theory]
    [InlineData("evil\r\nSet-Cookie: a=b")]
    [InlineData("evil/path")]
    [InlineData("user@evil")]
    [InlineData("")]
    public void Of_ForwardedHostThatIsNone_IsIgnored(string host)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("direct.example");
        context.Request.Headers["X-Forwarded-Host"] = host;
        Assert.Equal("http://direct.example", new RequestOrigin([]).Of(context));
    }

    [Fact]
    public void Of_RequestWithoutHost_NamesTheAddressItCameTo()
    {
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = IPAddress.Parse("192.0.2.1");
        context.Connection.LocalPort = 8080;
        context.Request.Scheme = "http";
        Assert.Equal("http://192.0.2.1:8080", new RequestOrigin([]).Of(context));
    }
}
