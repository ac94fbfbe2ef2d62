using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sipstead.Server.Composition;

namespace Sipstead.Server.Tests.Composition;

/// <summary>Whom the limits count: who asks, as a known proxy tells, and nobody else.</summary>
public sealed class ProxyHeadersTests
{
    [Theory]
    [InlineData("192.0.2.8", "203.0.113.1", "192.0.2.8", "http")] // nobody we know
    [InlineData("2001:db8::8", "203.0.113.1", "2001:db8::8", "http")]
    [InlineData("192.0.2.7", "203.0.113.1", "203.0.113.1", "https")]
    [InlineData("::ffff:192.0.2.7", "203.0.113.1", "203.0.113.1", "https")]
    [InlineData("127.0.0.1", "203.0.113.1", "203.0.113.1", "https")]
    [InlineData("192.0.2.7", "127.0.0.1, 203.0.113.1", "203.0.113.1", "https")] // what the client had written stands before it
    [InlineData("192.0.2.7", "203.0.113.1, 192.0.2.7", "192.0.2.7", "https")]
    [InlineData("192.0.2.7", "nobody", "192.0.2.7", "http")]
    [InlineData("192.0.2.7", "", "192.0.2.7", "https")]
    public async Task S_43_Source_IsWhatAKnownProxyTells_AndNobodyElse(string peer, string forwardedFor, string source, string scheme)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Scheme = "http";
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        context.Request.Headers["X-Forwarded-Proto"] = "https";
        var middleware = new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(ProxyHeaders.Of(["192.0.2.7"])));
        await middleware.Invoke(context);
        Assert.Equal((source, scheme), (context.Connection.RemoteIpAddress!.ToString(), context.Request.Scheme));
    }
}
