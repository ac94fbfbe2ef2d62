using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.View;
using Sipstead.Voice.Api;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Transcribing;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Voice;

/// <summary>The HTTP endpoints of the project.</summary>
public static class VoiceEndpoints
{
    private const string Account = $"/api/v2/accounts/{{{VoiceEndpoint.AccountArgument}}}/";

    /// <summary>Maps the Voice API (voice-api.md).</summary>
    public static IEndpointRouteBuilder MapVoice(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var services = routes.ServiceProvider;
        var registry = services.GetRequiredService<CallRegistry>();
        var calls = new CallEndpoints(
            services.GetRequiredService<CallEngine>(), registry, services.GetRequiredService<ProvisioningView>(), services.GetRequiredService<VoiceOptions>());
        var bxml = new BxmlEndpoints(registry);
        Map("calls", VoiceMethod.Get(calls.ListAsync), VoiceMethod.Post(calls.CreateAsync));
        Map("calls/{callId}", VoiceMethod.Get(calls.GetAsync), VoiceMethod.Post(calls.UpdateAsync));
        Map("calls/{callId}/bxml", VoiceMethod.Put(bxml.ReplaceAsync));
        var directory = services.GetRequiredService<CallDirectory>();
        var details = new CallDetailsEndpoints(directory);
        Map("calls/{callId}/documents", VoiceMethod.Get(details.DocumentsAsync));
        Map("calls/{callId}/media", VoiceMethod.Get(details.MediaAsync));
        Map("calls/{callId}/trace", VoiceMethod.Get(new TraceEndpoint(directory).GetAsync));
        Map("calls/{callId}/callbacks", VoiceMethod.Get(new CallbackEndpoints(registry, services.GetRequiredService<ExchangeLog>()).ListAsync));
        var transcripts = new CallTranscriptEndpoints(registry, services.GetRequiredService<TranscriptLog>());
        Map("calls/{callId}/transcriptions", VoiceMethod.Get(transcripts.ListAsync));
        Map("calls/{callId}/transcriptions/{transcriptionId}", VoiceMethod.Get(transcripts.GetAsync), VoiceMethod.Delete(transcripts.DeleteAsync));
        var conferences = new ConferenceEndpoints(services.GetRequiredService<ConferenceRegistry>(), services.GetRequiredService<VoiceOptions>());
        Map("conferences", VoiceMethod.Get(conferences.ListAsync));
        Map("conferences/{conferenceId}", VoiceMethod.Get(conferences.GetAsync), VoiceMethod.Post(conferences.UpdateAsync));
        Map("conferences/{conferenceId}/bxml", VoiceMethod.Put(conferences.AddBxmlAsync));
        Map("conferences/{conferenceId}/members/{callId}", VoiceMethod.Get(conferences.GetMemberAsync), VoiceMethod.Put(conferences.UpdateMemberAsync));
        Map("bxml/validate", VoiceMethod.Post(BxmlEndpoints.ValidateAsync) with { Writes = false });
        Map("statistics", VoiceMethod.Get(new StatisticsEndpoints(services.GetRequiredService<CallTraffic>()).GetAsync));
        MapRecordings(services, registry, Map);
        return routes;

        void Map(string pattern, params VoiceMethod[] methods)
        {
            var endpoint = new VoiceEndpoint(
                methods, services.GetRequiredService<AccountAccess>(), new RequestOrigin(services.GetRequiredService<ProvisioningOptions>().KnownProxies),
                services.GetRequiredService<ILoggerFactory>().CreateLogger("Sipstead.Voice.Api"));
            routes.Map(Account + pattern, endpoint.InvokeAsync);
        }
    }

    private delegate void Mapping(string pattern, params VoiceMethod[] methods);

    private static void MapRecordings(IServiceProvider services, CallRegistry registry, Mapping map)
    {
        var directory = services.GetRequiredService<RecordingDirectory>();
        var calls = new RecordingEndpoints(directory, registry, RecordingKind.Call, "callId");
        var conferences = new RecordingEndpoints(directory, registry, RecordingKind.Conference, "conferenceId");
        var transcriptions = new TranscriptionEndpoints(
            directory, services.GetRequiredService<Transcriptions>(), services.GetRequiredService<VoiceOptions>());
        map("recordings", VoiceMethod.Get(calls.ListAllAsync));
        map("calls/{callId}/recording", VoiceMethod.Put(calls.PauseAsync));
        map("calls/{callId}/recordings", VoiceMethod.Get(calls.ListAsync));
        map("calls/{callId}/recordings/{recordingId}", VoiceMethod.Get(calls.GetAsync), VoiceMethod.Delete(calls.DeleteAsync));
        map("calls/{callId}/recordings/{recordingId}/media", VoiceMethod.Get(calls.GetMediaAsync), VoiceMethod.Delete(calls.DeleteMediaAsync));
        map(
            "calls/{callId}/recordings/{recordingId}/transcription",
            VoiceMethod.Get(transcriptions.GetAsync), VoiceMethod.Post(transcriptions.CreateAsync), VoiceMethod.Delete(transcriptions.DeleteAsync));
        map("conferences/{conferenceId}/recordings", VoiceMethod.Get(conferences.ListAsync));
        map("conferences/{conferenceId}/recordings/{recordingId}", VoiceMethod.Get(conferences.GetAsync));
        map("conferences/{conferenceId}/recordings/{recordingId}/media", VoiceMethod.Get(conferences.GetMediaAsync));
    }
}
