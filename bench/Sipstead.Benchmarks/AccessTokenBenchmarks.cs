using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Tokens;

namespace Sipstead.Benchmarks;

/// <summary>What each API request pays for its sign-in: a token, or a name and password that were right within the last minute.</summary>
[MemoryDiagnoser]
public class AccessTokenBenchmarks
{
    private const string User = "admin";
    private const string Password = "correct horse battery";

    private readonly string _folder = Directory.CreateTempSubdirectory("sipstead-bench").FullName;
    private ServiceProvider _services = null!;
    private AccessTokens _tokens = null!;
    private ApiUserAuthenticator _users = null!;
    private ApiPrincipal _user = null!;
    private string _token = "";

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _services = new ServiceCollection().AddLogging()
            .AddProvisioning(new ProvisioningOptions { DataDirectory = _folder, BootstrapPassword = Password }).BuildServiceProvider();
        await _services.OpenProvisioningAsync(CancellationToken.None);
        _tokens = _services.GetRequiredService<AccessTokens>();
        _users = _services.GetRequiredService<ApiUserAuthenticator>();
        _user = (await _users.AuthenticateAsync(User, Password, CancellationToken.None)).Principal!;
        _token = _tokens.Issue(_user);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public string Issue() => _tokens.Issue(_user);

    [Benchmark]
    public async Task<bool> Verify() => await _tokens.VerifyAsync(_token, CancellationToken.None) is not null;

    [Benchmark(Baseline = true)]
    public async Task<bool> RememberedPassword() =>
        (await _users.AuthenticateAsync(User, Password, CancellationToken.None)).Principal is not null;
}
