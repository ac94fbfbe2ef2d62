using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Recording;
using Sipstead.Media.Speech;
using Sipstead.Media.Transcription;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Feeds;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Streams;
using Sipstead.Voice.Transcribing;
using Sipstead.Voice.Trunks;
using Sipstead.Webhooks;
using Sipstead.Webhooks.Exchanges;
using Sipstead.Webhooks.Fetching;
using Sipstead.Webhooks.Http;

namespace Sipstead.Voice;

/// <summary>The composition of the project.</summary>
public static class VoiceServices
{
    /// <summary>Adds the call engine. DNS lookups and connections for foreign calls, sessions, their trace, media, speech, webhooks, provisioning and the registrar must be there.</summary>
    public static IServiceCollection AddVoice(this IServiceCollection services, VoiceOptions options, RecordingOptions recordings)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services
            .AddSingleton(options)
            .AddSingleton<VoiceMetrics>()
            .AddSingleton<StreamMetrics>()
            .AddSingleton<TranscriptionMetrics>()
            .AddSingleton(s => new TranscriptLog(s.GetRequiredService<TranscriptionMetrics>()))
            .AddSingleton(s => new CallRegistry(options, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<TranscriptLog>().Forget))
            .AddSingleton(s => new CallTraffic(
                options, s.GetRequiredService<CallRegistry>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<VoiceMetrics>()))
            .AddSingleton(s => new ConferenceRegistry(
                options, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<VoiceMetrics>(), LoggerOf(s)))
            .AddSingleton(s => new AudioLibrary(s.GetRequiredService<ResourceFetcher>(), s.GetRequiredService<AudioDecoder>()))
            .AddSingleton(s => new DocumentLog(s.GetRequiredService<VoiceMetrics>()))
            .AddSingleton<LocatingMetrics>()
            .AddSingleton<AvoidedTargets>()
            .AddSingleton<ITargetPolicy>(s => new ForeignAddresses(options, s.GetRequiredService<ISipFlows>()))
            .AddSingleton(s => new SipLocator(
                new CachedLookup(s.GetRequiredService<ISipLookup>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<LocatingMetrics>()),
                s.GetRequiredService<ITargetPolicy>(), s.GetRequiredService<TimeProvider>()))
            .AddSingleton(s => new ForeignRoutes(
                s.GetRequiredService<SipLocator>(), s.GetRequiredService<ISipConnector>(), s.GetRequiredService<AvoidedTargets>(),
                s.GetRequiredService<TimeProvider>(), () => s.GetRequiredService<SipOptions>().Port))
            .AddSingleton(s => new TrunkWatch(
                s.GetRequiredService<ProvisioningView>(),
                new TrunkProbe(s.GetRequiredService<SessionLayer>(), s.GetRequiredService<ForeignRoutes>(), s.GetRequiredService<TimeProvider>()),
                options, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<VoiceMetrics>(), LoggerOf(s)))
            .AddSingleton<ITrunkHealth>(s => s.GetRequiredService<TrunkWatch>())
            .AddRecordings(recordings)
            .AddSingleton(s => Gather(s, options))
            .AddSingleton(s => new CallEngine(s.GetRequiredService<CallServices>()))
            .AddSingleton(s => new CallDirectory(
                s.GetRequiredService<CallServices>(), s.GetRequiredService<CallEngine>(), s.GetRequiredService<ExchangeLog>(),
                s.GetRequiredService<ProvisioningView>()))
            .AddSingleton(s => new ConferenceDirectory(s.GetRequiredService<CallServices>(), s.GetRequiredService<ExchangeLog>()))
            .AddSingleton(s => new VoiceService(
                s.GetRequiredService<CallEngine>(), s.GetRequiredService<CallRegistry>(), s.GetRequiredService<ConferenceRegistry>(),
                s.GetRequiredService<RegistrarService>(), s.GetRequiredService<RecordingUpkeep>(), s.GetRequiredService<RecordingEngine>(),
                s.GetRequiredService<VoiceMetrics>()));
    }

    private static IServiceCollection AddRecordings(this IServiceCollection services, RecordingOptions options) => services
        .AddSingleton(options)
        .AddSingleton(new RecordingFiles(options.Directory))
        .AddSingleton(new RecordingUsage(options))
        .AddSingleton<RecordingWriter>()
        .AddSingleton<Mp3Files>()
        .AddSingleton(s => new RecordingChanges(LoggerOf(s)))
        .AddSingleton(s => new RecordingNotices(s.GetRequiredService<WebhookClient>(), s.GetRequiredService<TimeProvider>(), LoggerOf(s)))
        .AddSingleton(s => new Transcriptions(
            s.GetRequiredService<RecordingFiles>(), s.GetRequiredService<ITranscriptionEngine>(), s.GetRequiredService<Mp3Files>(),
            s.GetRequiredService<IRecordingCatalog>(), s.GetRequiredService<RecordingNotices>(), s.GetRequiredService<RecordingChanges>(),
            s.GetRequiredService<VoiceMetrics>(), s.GetRequiredService<TimeProvider>(), LoggerOf(s)))
        .AddSingleton(s => new RecordingEngine(
            s.GetRequiredService<RecordingFiles>(), s.GetRequiredService<RecordingUsage>(), s.GetRequiredService<RecordingWriter>(),
            s.GetRequiredService<Mp3Files>(), s.GetRequiredService<IRecordingCatalog>(), s.GetRequiredService<RecordingNotices>(),
            s.GetRequiredService<Transcriptions>(), s.GetRequiredService<RecordingChanges>(), s.GetRequiredService<VoiceMetrics>(),
            s.GetRequiredService<TimeProvider>(), LoggerOf(s)))
        .AddSingleton(s => new RecordingDirectory(
            s.GetRequiredService<IRecordingCatalog>(), s.GetRequiredService<RecordingFiles>(), s.GetRequiredService<RecordingUsage>(),
            s.GetRequiredService<RecordingChanges>()))
        .AddSingleton(s => new RecordingUpkeep(
            s.GetRequiredService<RecordingFiles>(), s.GetRequiredService<RecordingUsage>(), s.GetRequiredService<IRecordingCatalog>(),
            s.GetRequiredService<RecordingDirectory>(), options, s.GetRequiredService<TimeProvider>(), LoggerOf(s)))
        .AddSingleton<IHostedService>(s => s.GetRequiredService<RecordingUpkeep>());

    private static CallServices Gather(IServiceProvider services, VoiceOptions options) => new(
        options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<SessionLayer>(), services.GetRequiredService<SipTrace>(),
        services.GetRequiredService<MediaEngine>(), services.GetRequiredService<ISpeechEngine>(), services.GetRequiredService<AudioLibrary>(),
        services.GetRequiredService<WebhookClient>(), services.GetRequiredService<CallRegistry>(), services.GetRequiredService<CallTraffic>(),
        new LegAddresses(options), services.GetRequiredService<ForeignRoutes>(),
        new DestinationResolver(
            services.GetRequiredService<ProvisioningView>(), services.GetRequiredService<RegistrarService>(),
            new TrunkChoice(services.GetRequiredService<ProvisioningView>(), services.GetRequiredService<ITrunkHealth>()), options),
        services.GetRequiredService<RegistrarService>(), services.GetRequiredService<ProvisioningView>(),
        new BxmlRunner(services.GetRequiredService<ILogger<BxmlRunner>>()), services.GetRequiredService<DocumentLog>(), new CallChanges(LoggerOf(services)),
        services.GetRequiredService<ConferenceRegistry>(), services.GetRequiredService<RecordingEngine>(),
        new FeedServices(services.GetRequiredService<OutboundHttp>(), services.GetRequiredService<StreamMetrics>(), GatherTranscriptions(services)),
        services.GetRequiredService<VoiceMetrics>(), LoggerOf(services));

    private static TranscriptionServices GatherTranscriptions(IServiceProvider services) => new(
        services.GetRequiredService<ITranscriptionEngine>(), services.GetRequiredService<RecordingFiles>(), services.GetRequiredService<TranscriptLog>(),
        new LiveTracks(services.GetRequiredService<TranscriptionOptions>().MaxLive), services.GetRequiredService<TranscriptionMetrics>(),
        services.GetRequiredService<TimeProvider>(), LoggerOf(services));

    private static ILogger LoggerOf(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("Sipstead.Voice");
}
