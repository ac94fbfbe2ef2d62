using Sipstead.Interop.Tests;
using Sipstead.Testing;

[assembly: AssemblyFixture(typeof(InteropServer))]

namespace Sipstead.Interop.Tests;

/// <summary>
/// The server that all tests of this project talk to, in a process of its own. Each test makes a realm of its own. Short registrations are allowed so that
/// a refresh can be seen.
/// </summary>
public class InteropServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private VoiceClient? _voice;
    private ServerProcess? _server;
    private int _realms;

    public InteropServer()
        : this([])
    {
    }

    /// <param name="settings">More of them, by environment variable.</param>
    protected InteropServer(params IEnumerable<(string Variable, string Value)> settings)
    {
        Setup = new ServerSetup(_folder["data"]).With("Sipstead__Registrar__MinExpires", "5")
            .With("Sipstead__Dns__Resolvers", Names.EndPoint.ToString()).With("Sipstead__Voice__SipHosts", ForeignHost)
            .With("Sipstead__Transcription__Program", Transcriber.WriteTo(_folder));
        foreach (var (variable, value) in settings) Setup = Setup.With(variable, value);
    }

    /// <summary>A foreign host that may be called.</summary>
    public const string ForeignHost = "carrier.example";

    /// <summary>Whom the server asks for foreign hosts.</summary>
    public NameServer Names { get; } = new();

    public ServerSetup Setup { get; }

    public ApiClient Client => (_server ?? throw new InvalidOperationException("The server is not started yet.")).Client;

    public VoiceClient Voice => _voice ??= new VoiceClient(Setup);

    public string Log => _server?.Log ?? "";

    /// <summary>Skips the test where a program that it needs is not installed.</summary>
    public static void Require(string program, string package) =>
        Assert.SkipUnless(ProgramRun.IsInstalled(program), $"{program} is not installed (Debian package {package})");

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(Setup, TestContext.Current.CancellationToken);

    /// <summary>kill -9, and another start with the same data.</summary>
    public async Task KillAndStartAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        await _server!.KillAsync(cancel);
        await _server.DisposeAsync();
        _server = await ServerProcess.StartAsync(Setup, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _voice?.Dispose();
        if (_server is not null) await StopAsync(_server);
        Names.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A realm that no other test uses, with one credential of the given password.</summary>
    public async Task<Subscriber> SubscribeAsync(string password = "wonderland", string? applicationId = null)
    {
        var realm = await CreateRealmAsync();
        var id = await Client.CreateCredentialAsync(realm, "alice", password, TestContext.Current.CancellationToken, applicationId);
        return new Subscriber(realm, id, "alice", password);
    }

    /// <summary>Another user of a realm, whose calls the same application takes.</summary>
    public async Task<Subscriber> AddUserAsync(Subscriber user, string userName, string applicationId)
    {
        var id = await Client.CreateCredentialAsync(user.Realm, userName, user.Password, TestContext.Current.CancellationToken, applicationId);
        return new Subscriber(user.Realm, id, userName, user.Password);
    }

    /// <summary>A realm that no other test uses.</summary>
    public Task<ApiRealm> CreateRealmAsync() => Client.CreateRealmAsync($"test{Interlocked.Increment(ref _realms)}", TestContext.Current.CancellationToken);

    /// <summary>Whatever the peers did, the server must still be there and end in order.</summary>
    private static async Task StopAsync(ServerProcess server)
    {
        await using (server)
        {
            var result = await server.StopAsync(Poll.DefaultDeadline, CancellationToken.None);
            if (result.ExitCode != 0 || result.Errors.Contains("Exception", StringComparison.Ordinal))
                throw new InvalidOperationException($"The server did not go through the tests well: {result}");
        }
    }
}

/// <summary>A credential as its owner knows it.</summary>
public sealed record Subscriber(ApiRealm Realm, long CredentialId, string UserName, string Password);
