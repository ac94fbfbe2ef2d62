using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sipstead.Testing;
using Sipstead.Testing.Phones;

namespace Sipstead.Interop.Tests.Sdk;

/// <summary>
/// A server with the hosted service's limits (so that calls queue), registered phones, one that calls, a trunk, an application and two API users, and the
/// scripts that drive it: each is application and API client in one, runs once, and prints a line for each fact.
/// </summary>
public sealed class SdkServer : IAsyncLifetime
{
    public const string Reader = "reader";
    private const string PhonePassword = "wonderland";

    /// <summary>User of the phone that calls: a baresip.</summary>
    private const string Caller = "caller";

    /// <summary>User of the phone that is a trunk's far end too, and the numbers of that trunk.</summary>
    private const string Carrier = "ken";
    private const string CarrierNumbers = "+1202555019?";

    private static readonly TimeSpan ScriptDeadline = TimeSpan.FromMinutes(4);
    private static readonly string Folder = RepositoryPaths.In("tests", "Sipstead.Interop.Tests", "Sdk");

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<ScriptReport>>> _reports = new();
    private readonly List<DeskPhone> _phones = [];
    private ServerProcess? _server;
    private BaresipPhone? _caller;
    private string _configuration = "";

    internal IReadOnlyList<DeskPhone> Phones => _phones;

    private static readonly (string User, PhoneManner Manner)[] Users =
    [
        ("alice", PhoneManner.Answers), ("bob", PhoneManner.Rings), ("carol", PhoneManner.IsBusy), ("dora", PhoneManner.Answers),
        ("erin", PhoneManner.Answers), ("frank", PhoneManner.Answers), ("grace", PhoneManner.Answers), ("heidi", PhoneManner.Answers),
        ("ivan", PhoneManner.Answers), ("judy", PhoneManner.Answers), (Carrier, PhoneManner.Answers), ("liz", PhoneManner.Answers), ("mona", PhoneManner.Answers),
    ];

    private static bool CanRun => ProgramRun.IsInstalled("node") && ProgramRun.IsInstalled("baresip") && Directory.Exists(Path.Combine(Folder, "node_modules"));

    /// <summary>Skips the test where Node.js or the client is not installed.</summary>
    public static void Require(string package)
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("node"), "node is not installed (Debian package nodejs)");
        InteropServer.Require("baresip", "baresip-core");
        Assert.SkipUnless(
            File.Exists(Path.Combine([Folder, "node_modules", .. package.Split('/'), "package.json"])),
            $"the npm package {package} is not installed (./test does it where npm can; or npm install in tests/Sipstead.Interop.Tests/Sdk)");
    }

    public async ValueTask InitializeAsync()
    {
        if (!CanRun) return;
        var cancel = TestContext.Current.CancellationToken;
        var setup = new ServerSetup(_folder["data"]).With("Sipstead__Voice__Profile", "Bandwidth").With("Sipstead__Transcription__Program", Transcriber.WriteTo(_folder));
        _server = await ServerProcess.StartAsync(setup, cancel);
        var realm = await _server.Client.CreateRealmAsync("sdk", cancel);
        foreach (var (user, manner) in Users)
        {
            await _server.Client.CreateCredentialAsync(realm, user, PhonePassword, cancel);
            _phones.Add(await DeskPhone.StartAsync(setup.SipPort, realm, user, PhonePassword, manner, cancel));
        }

        await _server.Client.CreateCredentialAsync(realm, "nobody", PhonePassword, cancel);
        await CreateTrunkAsync(setup, cancel);
        var added = await ServerProcess.RunAsync(
            setup, ["user", "add", Reader, "--account", Invariant(ServerSetup.Account), "--role", "read", "--password", PhonePassword], cancel);
        if (added.ExitCode != 0) throw new InvalidOperationException(added.ToString());
        var applicationId = await CreateApplicationAsync(_server.Client, cancel);
        await _server.Client.CreateCredentialAsync(realm, Caller, PhonePassword, cancel, applicationId);
        _caller = await BaresipPhone.StartForCallsAsync(
            $"<sip:{Caller}@{realm.Fqdn}>;auth_pass={PhonePassword};regint=0;answermode=manual", setup.DnsPort, cancel);
        _configuration = JsonSerializer.Serialize(new
        {
            basePath = new Uri(setup.HttpAddress, "/api/v2").ToString(), origin = setup.HttpAddress.ToString().TrimEnd('/'),
            accountId = Invariant(ServerSetup.Account),
            username = ServerSetup.UserName, password = ServerSetup.Password, reader = Reader, readerPassword = PhonePassword, realm = realm.Fqdn, applicationId,
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones) await phone.DisposeAsync();
        if (_caller is not null) await _caller.DisposeAsync();
        if (_server is not null)
        {
            await using var server = _server;
            var result = await server.StopAsync(Poll.DefaultDeadline, CancellationToken.None);
            if (result.ExitCode != 0 || result.Errors.Contains("Exception", StringComparison.Ordinal))
                throw new InvalidOperationException($"The server did not go through the scripts well: {result}");
        }

        _folder.Dispose();
    }

    /// <summary>What a script told; the first call runs it.</summary>
    internal Task<ScriptReport> RunAsync(string script) => _reports.GetOrAdd(script, name => new Lazy<Task<ScriptReport>>(() => RunOnceAsync(name))).Value;

    private static async Task<string> CreateApplicationAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var created = await client.PostAsync(
            "applications",
            "<Application><ServiceType>Voice-V2</ServiceType><AppName>sdk</AppName>"
            + "<CallInitiatedCallbackUrl>http://127.0.0.1/</CallInitiatedCallbackUrl></Application>",
            cancellationToken);
        return created.Status == HttpStatusCode.Created ? created["ApplicationId"]! : throw new InvalidOperationException(created.ToString());
    }

    private async Task CreateTrunkAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        using var client = new VoiceClient(setup);
        var address = _phones.Single(phone => phone.User == Carrier).Address;
        var trunk = new JsonObject
        {
            ["name"] = "carrier", ["host"] = address.Address.ToString(), ["port"] = address.Port, ["transport"] = "udp",
            ["outbound"] = new JsonArray(CarrierNumbers), ["callerIds"] = new JsonArray("+1*"),
        };
        var created = await client.SendAsync(HttpMethod.Post, "trunks", trunk.ToJsonString(), cancellationToken);
        if (created.Status != HttpStatusCode.Created) throw new InvalidOperationException(created.ToString());
    }

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<ScriptReport> RunOnceAsync(string script)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var run = ProgramRun.Start("node", [Path.Combine(Folder, script)], new Dictionary<string, string?> { ["SDK_RUN"] = _configuration });
        var facts = new Dictionary<string, Fact>();
        var taken = 0;
        await Poll.UntilAsync($"the end of {script}", HasEndedAsync, cancel, ScriptDeadline);
        return new ScriptReport(facts, $"exit code {run.ExitCode}\n{run.Output}\n{run.Errors}\n{_server!.Log}");

        async Task<bool> HasEndedAsync()
        {
            var hasEnded = run.ExitCode is not null;
            if (hasEnded) await run.WaitForExitAsync(ScriptDeadline, cancel);
            var output = run.Output;
            var end = output.LastIndexOf('\n') + 1;
            foreach (var line in output[taken..end].Split('\n')) await TakeAsync(Fact.Read(line), facts);
            taken = end;
            return hasEnded;
        }
    }

    private async Task TakeAsync(Fact? line, Dictionary<string, Fact> facts)
    {
        if (line?.Name is { } name) facts.Add(name, line);
        if (line?.Phone is not { } user) return;
        if (user == Caller)
        {
            await _caller!.Control.SendAsync(line.Dial is null ? "hangup" : "dial", line.Dial, TestContext.Current.CancellationToken);
            return;
        }

        var phone = _phones.Single(one => one.User == user);
        if (line.Press is { } digits) await phone.PressAsync(digits);
        else await phone.HangUpAsync();
    }
}
