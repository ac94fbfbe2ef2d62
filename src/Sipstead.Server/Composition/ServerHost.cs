using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using Sipstead.Dashboard;
using Sipstead.Dns;
using Sipstead.Dns.Resolving;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Media.Transcription;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Registrar.Api;
using Sipstead.Registrar.Journal;
using Sipstead.Server.Admin;
using Sipstead.Server.Api;
using Sipstead.Server.Configuration;
using Sipstead.Server.Demo;
using Sipstead.Server.Tls;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Voice;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Trunks;
using Sipstead.Webhooks;
using Sipstead.Webhooks.Addresses;
using Sipstead.Webhooks.Exchanges;
using Sipstead.Webhooks.Fetching;
using Sipstead.Webhooks.Http;

namespace Sipstead.Server.Composition;

/// <summary>
/// The whole server: data folder, stores, registrar, SIP, DNS, HTTP, started in this order and stopped in the other. Whoever is asked only after something
/// else is ready is opened after it, so that nothing answers before it can answer rightly.
/// </summary>
internal sealed class ServerHost : IAsyncDisposable
{
    /// <summary>SIGTERM to end of process takes at most 5 s (ruling 20).</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long calls may take to say goodbye.</summary>
    private static readonly TimeSpan CallsTimeout = TimeSpan.FromSeconds(1.5);

    private const int MaxUnixSocketPath = 107;

    private readonly WebApplication _app;
    private readonly Stack<IAsyncDisposable> _opened;

    private ServerHost(WebApplication app, Stack<IAsyncDisposable> opened, StartReport report)
    {
        _app = app;
        _opened = opened;
        Report = report;
    }

    /// <summary>What there is to tell after the start.</summary>
    public StartReport Report { get; }

    /// <summary>Services, for tests.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts everything. Throws <see cref="StartupException"/> with one line for an operator.</summary>
    public static async Task<ServerHost> StartAsync(
        ServerSettings settings, Action<ILoggingBuilder>? logging, CancellationToken cancellationToken)
    {
        var opened = new Stack<IAsyncDisposable>();
        try
        {
            var folder = DataFolder.Open(settings.DataDirectory);
            opened.Push(new Closing(folder.Dispose));
            var app = Build(settings, logging);
            opened.Push(app);
            return await StartAsync(settings, app, opened, cancellationToken);
        }
        catch (Exception e)
        {
            while (opened.TryPop(out var part)) await part.DisposeAsync();
            if (Describe(e, settings) is { } line) throw new StartupException(line, e);
            throw;
        }
    }

    /// <summary>Ends when the process is asked to stop.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        ServerLog.Stopping(_app.Logger);
        _app.Services.GetRequiredService<Readiness>().IsReady = false;
        while (_opened.TryPop(out var part)) await part.DisposeAsync();
    }

    private static WebApplication Build(ServerSettings settings, Action<ILoggingBuilder>? logging)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name, // names the list of static files, also where tests host the server
        });
        builder.WebHost.UseStaticWebAssets(); // from a build's folder too, not only from a published one
        builder.Configuration.Sources.Clear(); // all settings come through ServerSettings
        builder.Logging.ClearProviders();
        if (logging is null) ServerLogging.Configure(builder.Logging);
        else logging(builder.Logging);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, settings));
        builder.Services.AddSystemd(); // tells systemd when the server is ready, and does nothing elsewhere
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddProvisioning(settings.Provisioning);
        builder.Services.AddSingleton<SipMetrics>();
        builder.Services.AddSingleton<SipTrace>();
        builder.Services.AddSingleton<RegistrarMetrics>();
        builder.Services.AddSingleton(settings.Sip);
        builder.Services.AddSingleton(services => ServerCertificates.Open(
            settings, name => services.GetRequiredService<ProvisioningView>().Realms.TryFind(Encoding.UTF8.GetBytes(name), out _),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger<ServerCertificates>()));
        builder.Services.AddSingleton<ITlsCertificates>(services => services.GetRequiredService<ServerCertificates>());
        builder.Services.AddSingleton(settings.Admission);
        builder.Services.AddSingleton<SourceAdmission>();
        builder.Services.AddSingleton<SipTransportLayer>();
        builder.Services.AddSingleton<ISipConnector>(services => services.GetRequiredService<SipTransportLayer>());
        builder.Services.AddSingleton<ISipFlows>(services => services.GetRequiredService<SipTransportLayer>());
        builder.Services.AddSingleton<StubResolver>();
        builder.Services.AddSingleton<ISipLookup, DnsSipLookup>();
        builder.Services.AddSingleton(services => new TransactionLayer(
            services.GetRequiredService<ISipFlows>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<SipMetrics>(),
            services.GetRequiredService<SipTrace>(), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(new SipSessionOptions { PublicAddress = settings.Dns.PublicAddress, SessionExpires = settings.Voice.SessionExpires });
        builder.Services.AddSingleton<SessionLayer>();
        builder.Services.AddSingleton(services => SavedBindings.Read(
            settings.Registrar, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(services => RegistrarService.Open(
            settings.Registrar, services.GetRequiredService<ProvisioningView>(), services.GetRequiredService<SipTransportLayer>(),
            services.GetRequiredService<RegistrarMetrics>(), services.GetRequiredService<SipMetrics>(), services.GetRequiredService<SessionLayer>(),
            services.GetRequiredService<SipTrace>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>(),
            services.GetRequiredService<SourceAdmission>(), services.GetRequiredService<SavedBindings>()));
        AddCalls(builder.Services, settings);
        builder.Services.AddSingleton(settings.Dns);
        builder.Services.AddSingleton(services => new ZonePublisher(
            settings.Dns.BaseDomain, services.GetRequiredService<TimeProvider>(),
            new SerialFile(DataFolder.ZoneSerialIn(settings.DataDirectory), services.GetRequiredService<ILoggerFactory>())));
        builder.Services.AddSingleton<IZoneSource>(services => services.GetRequiredService<ZonePublisher>());
        builder.Services.AddSingleton<DnsResponder>();
        builder.Services.AddSingleton<IRealmDns, ZoneRealmDns>();
        builder.Services.AddDashboard(new DashboardOptions { DataDirectory = settings.DataDirectory, Connection = settings.Connection });
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(SipMetrics.MeterName, RegistrarMetrics.MeterName, "Sipstead.Dns", "Sipstead.Provisioning", "Sipstead.Media", "Sipstead.Webhooks", "Sipstead.Dashboard", VoiceMetrics.MeterName)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return builder.Build();
    }

    /// <summary>What calls are made of: media, speech, webhooks, and the engine that runs them.</summary>
    private static void AddCalls(IServiceCollection services, ServerSettings settings) => services
        .AddSingleton(settings.Media).AddSingleton(settings.Audio).AddSingleton(settings.Speech).AddSingleton(settings.Webhooks)
        .AddSingleton(settings.Transcription)
        .AddSingleton<ITranscriptionEngine, ProgramTranscriptionEngine>()
        .AddSingleton<MediaEngine>()
        .AddSingleton<AudioDecoder>()
        .AddSingleton<EspeakSpeechEngine>()
        .AddSingleton<ISpeechEngine>(provider => ActivatorUtilities.CreateInstance<SpeechCache>(provider, provider.GetRequiredService<EspeakSpeechEngine>()))
        .AddSingleton<WebhookMetrics>()
        .AddSingleton<IHostResolver, SystemHostResolver>()
        .AddSingleton<OutboundHttp>()
        .AddSingleton<ExchangeLog>()
        .AddSingleton<WebhookClient>()
        .AddSingleton<ResourceFetcher>()
        .AddVoice(settings.Voice, settings.Recordings);

    private static void ConfigureKestrel(KestrelServerOptions kestrel, ServerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
        foreach (var url in settings.Http.Urls) Listen(kestrel, BindingAddress.Parse(url));
        var socket = DataFolder.AdminSocketIn(settings.DataDirectory);
        File.Delete(socket); // what a killed process left; the folder is ours alone
        if (socket.Length <= MaxUnixSocketPath) kestrel.ListenUnixSocket(socket);
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address)
    {
        Action<ListenOptions> secure = address.Scheme == Uri.UriSchemeHttps ? Https.Use : _ => { };
        if (address.Host == "*") kestrel.ListenAnyIP(address.Port, secure);
        else if (address.Host == "localhost") kestrel.ListenLocalhost(address.Port, secure);
        else kestrel.Listen(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port, secure);
    }

    private static async Task<ServerHost> StartAsync(
        ServerSettings settings, WebApplication app, Stack<IAsyncDisposable> opened, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var services = app.Services;
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var view = services.GetRequiredService<ProvisioningView>();
        var saved = Task.Run(services.GetRequiredService<SavedBindings>, cancellationToken);
        var provisioning = services.OpenProvisioningAsync(cancellationToken);
        await Task.WhenAll(provisioning, saved); // with a million of each, a core for each
        var password = await provisioning;
        var registrar = services.GetRequiredService<RegistrarService>();

        opened.Push(new Closing(new CertificateWatch(services.GetRequiredService<ServerCertificates>(), services.GetRequiredService<TimeProvider>()).Dispose));
        var sip = services.GetRequiredService<SipTransportLayer>();
        sip.Start(registrar.Receivers);
        opened.Push(new Closing(new AccountPorts(view, sip, app.Logger).Dispose));
        opened.Push(sip);

        services.GetRequiredService<MediaEngine>().Start();
        var voice = services.GetRequiredService<VoiceService>();
        await voice.RecoverAsync(cancellationToken);
        voice.Start();
        opened.Push(new Closing(() => voice.StopAsync(CallsTimeout, TimeProvider.System)));
        var trunks = services.GetRequiredService<TrunkWatch>();
        trunks.Start();
        opened.Push(new Closing(trunks.Dispose));

        opened.Push(new Closing(new ZoneFeed(view, services.GetRequiredService<ZonePublisher>(), sip.TlsPort, app.Logger).Dispose));
        var dns = services.GetRequiredService<DnsResponder>();
        opened.Push(dns);
        dns.Start();

        var demo = settings.Demo ? await EnsureDemoAsync(settings, services, cancellationToken) : null;
        MapEndpoints(app, settings, demo);
        await app.StartAsync(cancellationToken);
        opened.Push(new Closing(() => app.StopAsync(CancellationToken.None)));
        ProtectAdminSocket(settings, app.Logger);
        services.GetRequiredService<Readiness>().IsReady = true;
        foreach (var url in settings.Http.UnprotectedUrls) ServerLog.UnprotectedUrl(app.Logger, url);
        ServerLog.Ready(app.Logger, TimeProvider.System.GetElapsedTime(started).TotalSeconds);

        var urls = app.Urls.Where(IsTcp).ToList();
        return new ServerHost(app, opened, new StartReport(settings, urls, dns.Endpoints, services.GetRequiredService<ServerCertificates>().OwnAuthorityPath, password, demo));
    }

    private static Task<DemoAccount> EnsureDemoAsync(ServerSettings settings, IServiceProvider services, CancellationToken cancellationToken) => new DemoSetup(
        services.GetRequiredService<RealmService>(), services.GetRequiredService<SipCredentialService>(), services.GetRequiredService<ApplicationService>(),
        settings.Provisioning.BootstrapAccountId, settings.DataDirectory, settings.Http.PublicUrl("")).EnsureAsync(cancellationToken);

    private static void MapEndpoints(WebApplication app, ServerSettings settings, DemoAccount? demo)
    {
        app.MapWhen(IsAdminSocket, admin => admin.UseRouting().UseEndpoints(AdminEndpoints.Map));
        app.UseForwardedHeaders(ProxyHeaders.Of(settings.Provisioning.KnownProxies));
        app.Use(next => context => StoreOutageAnswer.GiveAsync(context, next));
        app.UseRouting();
        app.UseDashboard();
        HealthEndpoints.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        RegistrationEndpoints.Map(app);
        RegistrationAttemptEndpoints.Map(app);
        RealmZoneEndpoint.Map(app);
        app.MapVoice();
        if (demo is not null)
        {
            new DemoApplication(
                demo, new DemoMailboxes(demo.Phones.Keys), app.Services.GetRequiredService<RecordingDirectory>(), settings.Provisioning.BootstrapAccountId).Map(app);
        }

        app.MapProvisioning();
        app.MapDashboard();
    }

    private static bool IsAdminSocket(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.LocalEndPoint is UnixDomainSocketEndPoint;

    private static bool IsTcp(string url) => !url.Contains("unix:", StringComparison.Ordinal);

    private static void ProtectAdminSocket(ServerSettings settings, ILogger logger)
    {
        var socket = DataFolder.AdminSocketIn(settings.DataDirectory);
        if (File.Exists(socket)) File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        else ServerLog.AdminSocketTooLong(logger, socket);
    }

    /// <summary>One line for what an operator can mend; null for a defect of ours, which keeps its stack trace.</summary>
    private static string? Describe(Exception e, ServerSettings settings) => e switch
    {
        StartupException or SipBindException or DnsBindException or JournalException or ProvisioningStoreException or CertificateException => e.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"HTTP cannot listen on {settings.Http.Url}: the port is taken. Stop the program that uses it, or set Sipstead__Http__Url to a free one.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"HTTP cannot listen on {settings.Http.Url}: not permitted. Ports below 1024 need rights; set Sipstead__Http__Url to a higher port.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            $"HTTP cannot listen on {settings.Http.Url}: no network interface has this address. Correct Sipstead__Http__Url.",
        _ => null,
    };

    /// <summary>A step to take when the server closes.</summary>
    private sealed class Closing : IAsyncDisposable
    {
        private readonly Func<Task> _close;

        public Closing(Action close) => _close = () =>
        {
            close();
            return Task.CompletedTask;
        };

        public Closing(Func<Task> close) => _close = close;

        public ValueTask DisposeAsync() => new(_close());
    }
}
