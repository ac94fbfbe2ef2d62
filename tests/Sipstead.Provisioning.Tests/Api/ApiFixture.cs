namespace Sipstead.Provisioning.Tests.Api;

/// <summary>One host for the tests of a class; each test uses realms of its own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
