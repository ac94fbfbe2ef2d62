using System.Net;
using System.Net.Sockets;
using Sipstead.Webhooks.Addresses;

namespace Sipstead.Webhooks.Tests.Addresses;

public sealed class SystemHostResolverTests
{
    private readonly SystemHostResolver _resolver = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("a.sub.localhost")]
    public async Task Localhost_IsLoopback(string host) =>
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], await _resolver.ResolveAsync(host, Token));

    [Fact]
    public async Task Address_IsItself() => Assert.Equal([IPAddress.Parse("127.0.0.9")], await _resolver.ResolveAsync("127.0.0.9", Token));

    [Fact]
    public async Task NameTooLong_IsNotFound() =>
        await Assert.ThrowsAsync<SocketException>(async () => await _resolver.ResolveAsync(string.Join('.', Enumerable.Repeat("label", 50)), Token));
}
