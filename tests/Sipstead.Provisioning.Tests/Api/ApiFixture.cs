using Microsoft.AspNetCore.Builder;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>One host for the tests of a class; each test uses realms of its own.</summary>
public class ApiFixture : IAsyncLifetime
{
    private readonly Action<WebApplication>? _map;
    private ApiHost? _host;

    public ApiFixture()
    {
    }

    /// <summary>A host that serves other resources too.</summary>
    protected ApiFixture(Action<WebApplication> map) => _map = map;

    /// <summary>The host. Without a database the test that asks is skipped: a fixture cannot be.</summary>
    internal ApiHost Host
    {
        get
        {
            TestDatabase.Require();
            return _host!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.WhyMissing is null) _host = await ApiHost.StartAsync(map: _map);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
