using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Media.Transcription;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Transcribing;
using Sipstead.Voice.Trunks;
using Sipstead.Webhooks;
using Sipstead.Webhooks.Addresses;
using Sipstead.Webhooks.Exchanges;
using Sipstead.Webhooks.Fetching;
using Sipstead.Webhooks.Http;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>
/// The call engine with all that is real around it: sessions and transactions over transports without sockets, a registrar with scripted phones, media on
/// loopback, webhooks over HTTP. Calls run on a fake clock; media and webhooks on the real one.
/// </summary>
internal sealed class VoiceHarness : IAsyncDisposable
{
    public const long Account = 9_900_000;
    public const long OtherAccount = 9_900_001;
    public const string From = "+12025550100";
    public const string BaseUrl = "http://voice.example/api/v2";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _folder;
    private readonly IServiceProvider _services;
    private readonly ISipReceiver _receiver;
    private readonly Lock _receiving = new();
    private long _lastId;
    private int _lastPort = 40_000;

    private VoiceHarness(Surroundings surroundings, IServiceProvider services)
    {
        (Time, Flows, Meters, Speech, Catcher, _folder, Dns, Transcriber) = surroundings;
        _services = services;
        View = services.GetRequiredService<ProvisioningView>();
        Registrar = services.GetRequiredService<RegistrarService>();
        _receiver = Registrar.Receivers.Create();
        Engine = services.GetRequiredService<CallEngine>();
        Registry = services.GetRequiredService<CallRegistry>();
        Traffic = services.GetRequiredService<CallTraffic>();
        Media = services.GetRequiredService<MediaEngine>();
        Conferences = services.GetRequiredService<ConferenceRegistry>();
        Directory = services.GetRequiredService<CallDirectory>();
        Realm = AddRealm("office", Account);
        Application = AddApplication();
        Recordings = services.GetRequiredService<RecordingDirectory>();
        Service = services.GetRequiredService<VoiceService>();
        Service.Start();
    }

    public PunctualTimeProvider Time { get; }

    public PhoneFlows Flows { get; }

    public CountingMeters Meters { get; }

    public FakeSpeech Speech { get; }

    public FakeTranscriber Transcriber { get; }

    /// <summary>What foreign hosts are looked up in.</summary>
    public ScriptedLookup Dns { get; }

    /// <summary>The application.</summary>
    public WebhookCatcher Catcher { get; }

    public ProvisioningView View { get; }

    public RegistrarService Registrar { get; }

    public CallEngine Engine { get; }

    public CallRegistry Registry { get; }

    public CallTraffic Traffic { get; }

    public MediaEngine Media { get; }

    public ConferenceRegistry Conferences { get; }

    public ConferenceDirectory ConferenceDirectory => _services.GetRequiredService<ConferenceDirectory>();

    public CallDirectory Directory { get; }

    public VoiceService Service { get; }

    public RecordingDirectory Recordings { get; }

    /// <summary>Where the files of recordings are.</summary>
    public RecordingFiles Files => _services.GetRequiredService<RecordingFiles>();

    /// <summary>What live transcriptions use.</summary>
    public TranscriptionServices Transcriptions => _services.GetRequiredService<CallServices>().Feeds.Transcriptions;

    /// <summary>What is known of them.</summary>
    public MemoryCatalog Catalog => (MemoryCatalog)_services.GetRequiredService<IRecordingCatalog>();

    public RecordingUpkeep Upkeep => _services.GetRequiredService<RecordingUpkeep>();

    public RecordingUsage RecordingUsage => _services.GetRequiredService<RecordingUsage>();

    public RecordingEngine RecordingEngine => _services.GetRequiredService<RecordingEngine>();

    public TrunkWatch Trunks => _services.GetRequiredService<TrunkWatch>();

    /// <summary>Another watch of the same trunks, which logs.</summary>
    public TrunkWatch WatchTrunks(ILoggerFactory loggers, VoiceOptions? options = null) => new(
        View, new TrunkProbe(Sessions, _services.GetRequiredService<ForeignRoutes>(), Time), options ?? _services.GetRequiredService<VoiceOptions>(), Time,
        _services.GetRequiredService<VoiceMetrics>(), loggers.CreateLogger("Sipstead.Voice"));

    public SessionLayer Sessions => _services.GetRequiredService<SessionLayer>();

    /// <summary>FQDN of the account's realm.</summary>
    public string Realm { get; }

    /// <summary>The voice application that takes calls of phones, at <c>/initiate</c> and <c>/status</c>.</summary>
    public ApplicationEntry Application { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="build">Makes the provider of the services, with whatever else it wants; null for these alone.</param>
    public static async Task<VoiceHarness> StartAsync(
        VoiceOptions? options = null, MediaOptions? media = null, RecordingOptions? recordings = null, Func<IServiceCollection, Task<IServiceProvider>>? build = null)
    {
        var surroundings = new Surroundings(
            new PunctualTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), new PhoneFlows(), new CountingMeters(), new FakeSpeech(),
            await WebhookCatcher.StartAsync(Cancel), new TemporaryFolder(), new ScriptedLookup().Host("localhost", "127.0.0.1"), new FakeTranscriber());
        var services = Compose(surroundings, (options ?? new VoiceOptions()) with { BaseUrl = BaseUrl }, media ?? new MediaOptions { Ports = "12000-19999" },
            (recordings ?? new RecordingOptions()) with { Directory = surroundings.Folder["recordings"] });
        return new VoiceHarness(surroundings, build is null ? services.BuildServiceProvider() : await build(services));
    }

    /// <summary>Hands a message in as a receiving loop does. Returns the answer that was made without a transaction, null when there is none.</summary>
    public MessageText? Deliver(string message, SipFlow flow)
    {
        var reply = new SipReply();
        lock (_receiving)
        {
            reply.Reset(new byte[SipLimits.StreamMessage], flow.Source);
            _receiver.Receive(ParsedMessage.Datagram(message), flow, reply);
            Assert.True(_receiver.Commit());
        }

        return reply.Writer.Length == 0 ? null : new MessageText(Encoding.Latin1.GetString(reply.Writer.Written));
    }

    public string AddRealm(string name, long account, MediaEncryption encryption = MediaEncryption.Optional)
    {
        var fqdn = $"{name}.3efeaa.auth.example.net";
        var id = ++_lastId;
        View.AddRealms([new RealmEntry(id, account, fqdn, 5060) { MediaEncryption = encryption }], id);
        return fqdn;
    }

    /// <summary>Makes a voice application whose URLs are those of the catcher.</summary>
    public ApplicationEntry AddApplication(long account = Account, bool hasStatus = true, bool hasFallback = false, TimeSpan? timeout = null)
    {
        var application = new ApplicationEntry
        {
            Id = Guid.NewGuid(), AccountId = account, Name = "app", CallInitiatedUrl = Catcher.Url("/initiate"),
            CallInitiatedFallbackUrl = hasFallback ? Catcher.Url("/fallback") : null, CallStatusUrl = hasStatus ? Catcher.Url("/status") : null,
            CallbackTimeout = timeout ?? ApplicationEntry.DefaultCallbackTimeout,
        };
        View.SetApplication(application);
        return application;
    }

    /// <summary>Makes a credential.</summary>
    public void AddUser(string user, Guid? application, string? realm = null)
    {
        realm ??= Realm;
        View.Realms.TryFind(Encoding.ASCII.GetBytes(realm), out var entry);
        var hash = MD5.HashData(Encoding.UTF8.GetBytes($"{user}:{realm}:{ScriptedPhone.Password}"));
        var secret = new CredentialSecret(++_lastId, entry!.Id, 1, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash), null);
        View.AddCredential(entry.AccountId, secret, user, application);
    }

    /// <summary>The id of a user's credential.</summary>
    public long CredentialOf(string user)
    {
        View.Realms.TryFind(Encoding.UTF8.GetBytes(Realm), out var realm);
        Assert.True(View.Credentials.TryFind(realm!.Id, Encoding.UTF8.GetBytes(user), out var credential));
        return credential.Id;
    }

    /// <summary>A phone of a user that there is; not registered yet.</summary>
    public ScriptedPhone NewPhone(string user, SipTransport transport = SipTransport.Udp, string? realm = null)
    {
        var port = Interlocked.Increment(ref _lastPort);
        var flow = new SipFlow(
            transport, new TransportAddress(new IPEndPoint(IPAddress.Loopback, port)), new TransportAddress(new IPEndPoint(IPAddress.Loopback, 5060)),
            transport.IsStream() ? port : 0);
        var phone = new ScriptedPhone(this, realm ?? Realm, user, flow);
        Flows.Connect(phone);
        return phone;
    }

    /// <summary>A user with a registered phone.</summary>
    public ScriptedPhone AddPhone(string user = "alice", string contactParameters = "")
    {
        AddUser(user, Application.Id);
        var phone = NewPhone(user);
        phone.Register(contactParameters);
        return phone;
    }

    /// <summary>A far end of a trunk, which sends from an address.</summary>
    public ScriptedPhone CarrierAt(string address)
    {
        var local = address.Contains(':', StringComparison.Ordinal) ? "[::1]:5060" : "127.0.0.1:5060";
        var carrier = new ScriptedPhone(this, Realm, "carrier", new SipFlow(
            SipTransport.Udp, new TransportAddress(new IPEndPoint(IPAddress.Parse(address), 5066)), new TransportAddress(IPEndPoint.Parse(local)), 0));
        Flows.Connect(carrier);
        return carrier;
    }

    /// <summary>A wish for a call, with webhooks to <c>/answer</c> and <c>/disconnect</c>.</summary>
    public NewCall Wish(string? to = null) => new()
    {
        AccountId = Account, ApplicationId = Application.Id.ToString(), To = to ?? $"sip:alice@{Realm}", From = From, BaseUrl = BaseUrl,
        CallTimeout = TimeSpan.FromSeconds(30), Tag = "t1",
        Callbacks = new(Target("/answer"), null, Target("/disconnect"), TimeSpan.FromSeconds(15)),
    };

    public WebhookTarget Target(string path) => new(Catcher.Url(path), IsGet: false, null);

    /// <summary>Makes a call that no limit forbids.</summary>
    public OutboundCall Create(NewCall? wish = null)
    {
        Assert.Equal(CallAdmission.Admitted, Engine.TryCreate(wish ?? Wish(), out var call));
        return call;
    }

    /// <summary>A call that a phone answered, and that runs a document.</summary>
    public async Task<(OutboundCall Call, MessageText Invite)> EstablishAsync(ScriptedPhone phone, string bxml, NewCall? wish = null, string? sdp = null)
    {
        Catcher.AnswerBxml("/answer", bxml);
        var call = Create(wish);
        var invite = await phone.ExpectAsync("INVITE");
        await phone.AcceptAsync(invite, sdp);
        await Catcher.ExpectAsync("answer", Cancel);
        await RunsAsync(call);
        return (call, invite);
    }

    public void Advance(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= Step) Time.Pass(left < Step ? left : Step);
    }

    /// <summary>Waits until a call is in a state.</summary>
    public static Task UntilAsync(Call call, CallPhase phase) =>
        Poll.UntilAsync($"{phase}, now {call.State}", () => Task.FromResult(call.State.Phase == phase), Cancel);

    /// <summary>Waits for the end of a call and returns what is known of it.</summary>
    public static async Task<CallState> EndOfAsync(Call call)
    {
        await UntilAsync(call, CallPhase.Disconnected);
        return call.State;
    }

    /// <summary>Waits for a webhook.</summary>
    public Task<CaughtRequest> ExpectAsync(string eventType) => Catcher.ExpectAsync(eventType, Cancel);

    /// <summary>Waits for the call of a phone to be there, and returns it.</summary>
    public Task<Call> InboundAsync() => Poll.ForAsync(
        "an inbound call", () => Task.FromResult(Registry.Live().LastOrDefault(call => call is InboundCall && call.State.Phase != CallPhase.Disconnected)), Cancel);

    /// <summary>Waits until the document that a webhook brought runs: that it was asked for tells nothing of what has come of it.</summary>
    public static async Task RunsAsync(Call call)
    {
        await Poll.UntilAsync("the document to run", () => Task.FromResult(call.DocumentUrl is not null), Cancel);
        await SettleAsync(call);
    }

    /// <summary>Waits until all answers to a call's webhooks of a type have come, whether anybody still wanted them or not.</summary>
    public async Task AnsweredAsync(Call call, string eventType)
    {
        var exchanges = _services.GetRequiredService<ExchangeLog>();
        await Poll.UntilAsync(
            $"the answer to {eventType}",
            () => Task.FromResult(
                exchanges.Find(call.State.AccountId, call.Id).Count(exchange => exchange.EventType == eventType) is > 0 and var answered
                && answered >= Catcher.Requests.Count(request => request.CallId == call.Id && request.EventType == eventType)), Cancel);
        await SettleAsync(call);
    }

    /// <summary>Waits until all that a call was sent before has been worked off.</summary>
    public static Task SettleAsync(Call call)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Mailbox.Post(done.SetResult);
        return done.Task.WaitAsync(Poll.DefaultDeadline, Cancel);
    }

    /// <summary>Waits until nothing of media is left open.</summary>
    public Task UntilNoMediaAsync() => Poll.UntilAsync($"no media, {Media.OpenSessions} open", () => Task.FromResult(Media.OpenSessions == 0), Cancel);

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_services).DisposeAsync();
        await Catcher.DisposeAsync();
        Meters.Dispose();
        _folder.Dispose();
    }

    private static IServiceCollection Compose(Surroundings around, VoiceOptions options, MediaOptions media, RecordingOptions recordings)
    {
        var webhooks = new WebhookOptions { AllowLoopback = true };
        return new ServiceCollection()
            .AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(around.Meters)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton<TimeProvider>(around.Time)
            .AddSingleton(new ProvisioningView(NullLogger<ProvisioningView>.Instance))
            .AddSingleton<ISipConnector>(around.Flows).AddSingleton<ISipLookup>(around.Dns)
            .AddSingleton<ISipFlows>(around.Flows).AddSingleton(new SipOptions()).AddSingleton(new SipSessionOptions())
            .AddSingleton<SipMetrics>().AddSingleton<SipTrace>().AddSingleton<RegistrarMetrics>()
            .AddSingleton(s => new TransactionLayer(
                around.Flows, around.Time, s.GetRequiredService<SipMetrics>(), s.GetRequiredService<SipTrace>(), NullLoggerFactory.Instance))
            .AddSingleton<SessionLayer>()
            .AddSingleton(s => RegistrarService.Open(
                new RegistrarOptions { DataDirectory = around.Folder.Path, KeepAlive = KeepAliveMethod.Off }, s.GetRequiredService<ProvisioningView>(),
                around.Flows, s.GetRequiredService<RegistrarMetrics>(), s.GetRequiredService<SipMetrics>(), s.GetRequiredService<SessionLayer>(),
                s.GetRequiredService<SipTrace>(), around.Time, NullLoggerFactory.Instance))
            .AddSingleton(_ => new MediaEngine(
                media with { PortRest = TimeSpan.Zero }, TimeProvider.System, around.Meters, NullLoggerFactory.Instance))
            .AddSingleton<ISpeechEngine>(around.Speech).AddSingleton(new AudioOptions())
            .AddSingleton<ITranscriptionEngine>(around.Transcriber).AddSingleton(new TranscriptionOptions()).AddSingleton<IRecordingCatalog, MemoryCatalog>()
            .AddSingleton(_ => new AudioDecoder(new AudioOptions(), around.Meters, TimeProvider.System))
            .AddSingleton(webhooks).AddSingleton<WebhookMetrics>().AddSingleton<IHostResolver, SystemHostResolver>()
            .AddSingleton(s => new OutboundHttp(
                webhooks, s.GetRequiredService<IHostResolver>(), s.GetRequiredService<WebhookMetrics>(), TimeProvider.System, NullLogger<OutboundHttp>.Instance))
            .AddSingleton<ExchangeLog>().AddSingleton<WebhookClient>().AddSingleton<ResourceFetcher>()
            .AddVoice(options, recordings);
    }

    /// <summary>What the engine is surrounded by.</summary>
    private sealed record Surroundings(
        PunctualTimeProvider Time, PhoneFlows Flows, CountingMeters Meters, FakeSpeech Speech, WebhookCatcher Catcher, TemporaryFolder Folder,
        ScriptedLookup Dns, FakeTranscriber Transcriber);
}
