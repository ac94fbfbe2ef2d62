using Microsoft.Extensions.Logging;
using Sipstead.Media;
using Sipstead.Media.Speech;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Feeds;
using Sipstead.Voice.Recordings;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Calls;

/// <summary>What all calls use.</summary>
internal sealed record CallServices(
    VoiceOptions Options, TimeProvider Time, SessionLayer Sessions, SipTrace Trace, MediaEngine Media, ISpeechEngine Speech, AudioLibrary Audio,
    WebhookClient Webhooks, CallRegistry Registry, CallTraffic Traffic, LegAddresses Addresses, ForeignRoutes Routes,
    DestinationResolver Destinations, RegistrarService Registrar, ProvisioningView View,
    BxmlRunner Runner, DocumentLog Documents, CallChanges Changes, ConferenceRegistry Conferences, RecordingEngine Recordings, FeedServices Feeds,
    VoiceMetrics Metrics, ILogger Logger);
