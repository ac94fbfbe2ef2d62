using Sipstead.Dashboard.Doctor;
using Sipstead.Dns;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Media.Transcription;
using Sipstead.Provisioning;
using Sipstead.Registrar;
using Sipstead.Registrar.Admission;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Transport;
using Sipstead.Voice;
using Sipstead.Voice.Recordings;
using Sipstead.Webhooks;

namespace Sipstead.Server.Configuration;

/// <summary>All settings of the server, read from the one <c>Sipstead</c> section and checked together.</summary>
internal sealed record ServerSettings
{
    public required ProvisioningOptions Provisioning { get; init; }

    public required SipOptions Sip { get; init; }

    public required AdmissionOptions Admission { get; init; }

    public required RegistrarOptions Registrar { get; init; }

    public required DnsOptions Dns { get; init; }

    public required HttpOptions Http { get; init; }

    public required TlsOptions Tls { get; init; }

    public required MediaOptions Media { get; init; }

    public required AudioOptions Audio { get; init; }

    public required SpeechOptions Speech { get; init; }

    public required WebhookOptions Webhooks { get; init; }

    public required RecordingOptions Recordings { get; init; }

    public required TranscriptionOptions Transcription { get; init; }

    public required VoiceOptions Voice { get; init; }

    /// <summary>Whether the demo is set up and its application hosted (<c>--demo</c>).</summary>
    public bool Demo { get; init; }

    /// <summary>Whether a listener of ours needs a certificate.</summary>
    public bool ServesTls => Sip.TlsPort != 0 || Http.Urls.Any(HttpOptions.IsHttps);

    /// <summary>The same for a demo: its webhooks go to this server itself, over loopback.</summary>
    public ServerSettings ForDemo() => this with { Demo = true, Webhooks = Webhooks with { AllowLoopback = true } };

    /// <summary>How devices and clients reach the server.</summary>
    public ConnectionSettings Connection => new()
    {
        SipAddress = Sip.Address, TlsPort = Sip.TlsPort, PublicAddress = Dns.PublicAddress, BaseDomain = Dns.BaseDomain, DnsPort = Dns.Port, HttpUrls = Http.Urls, MediaPorts = Media.Ports,
    };

    /// <summary>Absolute path of the data folder.</summary>
    public string DataDirectory => Provisioning.DataDirectory;

    /// <summary>Reads the settings. Throws <see cref="SettingsException"/> with everything that is wrong.</summary>
    public static ServerSettings Read(IConfiguration configuration)
    {
        var section = new SettingsReader(configuration.GetSection("Sipstead"));
        var settings = Read(section);
        var errors = Gather(
            section.Errors, section.UnknownKeys(), settings.Provisioning.Validate(), settings.Sip.Validate(), settings.Admission.Validate(), settings.Registrar.Validate(),
            settings.Dns.Validate(), settings.Http.Validate(), settings.Tls.Validate(), settings.Media.Validate(), settings.Audio.Validate(), settings.Speech.Validate(),
            settings.Webhooks.Validate(), settings.Voice.Validate(), settings.Recordings.Validate(), settings.Transcription.Validate());
        return errors.Count == 0 ? settings : throw new SettingsException(errors);
    }

    /// <summary>Two parts of the server may check the same key: an operator is told once.</summary>
    private static List<string> Gather(params IEnumerable<IEnumerable<string>> parts)
    {
        var errors = new List<string>();
        foreach (var part in parts)
        {
            var told = errors.Select(KeyOf).ToHashSet(StringComparer.Ordinal);
            errors.AddRange(part.Where(error => !told.Contains(KeyOf(error))));
        }

        return errors;
    }

    /// <summary>Every error begins with its key.</summary>
    private static string KeyOf(string error) => error.Split(' ')[0].TrimEnd(':');

    private static ServerSettings Read(SettingsReader section)
    {
        var dataDirectory = Path.GetFullPath(section.Text("DataDirectory", "data")); // against the working directory (ruling 41)
        var provisioning = new ProvisioningOptions { DataDirectory = dataDirectory };
        provisioning = provisioning with
        {
            Database = section.OptionalText("Database"),
            BaseDomain = section.Text("BaseDomain", provisioning.BaseDomain),
            RealmFqdn = section.Text("RealmFqdn", provisioning.RealmFqdn),
            SipPort = section.Number("Sip:Port", provisioning.SipPort),
            AccountPorts = section.Text("Sip:AccountPorts", provisioning.AccountPorts),
            BootstrapAccountId = section.Number("Bootstrap:AccountId", (int)provisioning.BootstrapAccountId),
            BootstrapUserName = section.Text("Bootstrap:UserName", provisioning.BootstrapUserName),
            BootstrapPassword = section.OptionalText("Bootstrap:Password"),
            RedirectFirstPage = section.Flag("Http:RedirectFirstPage", provisioning.RedirectFirstPage),
            KnownProxies = section.List("Http:KnownProxies"),
            AuditDays = section.Number("Audit:Days", provisioning.AuditDays),
            AuditEntries = section.Number("Audit:Entries", provisioning.AuditEntries),
            RequireHttpsWithCredentials = section.Flag("Voice:RequireHttpsWithCredentials", provisioning.RequireHttpsWithCredentials),
        };
        var publicAddress = section.Text("PublicAddress", "");
        var http = new HttpOptions { Url = section.Text("Http:Url", HttpOptions.DefaultUrl) };
        return new ServerSettings
        {
            Provisioning = provisioning,
            Sip = ReadSip(section, provisioning),
            Admission = ReadAdmission(section),
            Registrar = ReadRegistrar(section, dataDirectory),
            Dns = ReadDns(section, provisioning, publicAddress),
            Http = http,
            Tls = new TlsOptions
            {
                Certificates = section.List("Tls:Certificate"), Keys = section.List("Tls:Key"), TrustedCertificates = section.Text("Tls:TrustedCertificates", ""),
            },
            Media = ReadMedia(section),
            Audio = new AudioOptions { FfmpegProgram = section.Text("Audio:FfmpegProgram", new AudioOptions().FfmpegProgram) },
            Speech = ReadSpeech(section),
            Webhooks = ReadWebhooks(section, http),
            Recordings = ReadRecordings(section, dataDirectory),
            Transcription = ReadTranscription(section),
            Voice = ReadVoice(section, provisioning, publicAddress, http),
        };
    }

    private static MediaOptions ReadMedia(SettingsReader section)
    {
        var media = new MediaOptions();
        return media with
        {
            Ports = section.Text("Rtp:Ports", media.Ports),
            Timeout = TimeSpan.FromSeconds(section.Number("Rtp:Timeout", (int)media.Timeout.TotalSeconds)),
            Codecs = section.List("Rtp:Codecs") is { Count: > 0 } codecs ? codecs : media.Codecs,
        };
    }

    private static SipOptions ReadSip(SettingsReader section, ProvisioningOptions provisioning)
    {
        var sip = new SipOptions();
        return sip with
        {
            Address = section.Text("Sip:Address", sip.Address),
            Port = provisioning.SipPort,
            TlsPort = section.Number("Sip:TlsPort", sip.TlsPort),
            UdpThreads = section.Number("Sip:UdpThreads", sip.UdpThreads),
            MaxConnections = section.Number("Sip:MaxConnections", sip.MaxConnections),
            MaxConnectionsPerSource = section.Number("Sip:MaxConnectionsPerSource", sip.MaxConnectionsPerSource),
        };
    }

    private static RegistrarOptions ReadRegistrar(SettingsReader section, string dataDirectory)
    {
        var registrar = new RegistrarOptions();
        return registrar with
        {
            MinExpires = section.Number("Registrar:MinExpires", registrar.MinExpires),
            DefaultExpires = section.Number("Registrar:DefaultExpires", registrar.DefaultExpires),
            MaxExpires = section.Number("Registrar:MaxExpires", registrar.MaxExpires),
            MaxContacts = section.Number("Registrar:MaxContacts", registrar.MaxContacts),
            ContactLimit = section.Choice("Registrar:ContactLimit", registrar.ContactLimit),
            NonceLifetime = section.Number("Registrar:NonceLifetime", registrar.NonceLifetime),
            KeepAlive = section.Choice("Registrar:KeepAlive", registrar.KeepAlive),
            KeepAliveInterval = section.Number("Registrar:KeepAliveInterval", registrar.KeepAliveInterval),
            FlowTimer = section.Number("Registrar:FlowTimer", registrar.FlowTimer),
            ServiceRoute = section.List("Registrar:ServiceRoute"),
            RealmsWithoutKeepAlive = section.List("Registrar:RealmsWithoutKeepAlive"),
            Limits = ReadAuthenticationLimits(section),
            DataDirectory = dataDirectory,
            FsyncAlways = section.Choice("Journal:Fsync", JournalFsync.Second) == JournalFsync.Always,
        };
    }

    private static AdmissionOptions ReadAdmission(SettingsReader section)
    {
        var limits = new AdmissionOptions();
        return limits with
        {
            RequestsPerSecond = section.Number("Limits:RequestsPerSecond", limits.RequestsPerSecond),
            RequestBurst = section.Number("Limits:RequestBurst", limits.RequestBurst),
            KnownRequestsPerSecond = section.Number("Limits:KnownRequestsPerSecond", limits.KnownRequestsPerSecond),
            KnownRequestBurst = section.Number("Limits:KnownRequestBurst", limits.KnownRequestBurst),
            SlowedPart = section.Number("Limits:SlowedPart", limits.SlowedPart),
            MalformedBurst = section.Number("Limits:MalformedBurst", limits.MalformedBurst),
            UnprovenOctetsPerSecond = section.Number("Limits:UnprovenOctetsPerSecond", limits.UnprovenOctetsPerSecond),
            MaxSources = section.Number("Limits:MaxSources", limits.MaxSources),
            IncludeLoopback = section.Flag("Limits:IncludeLoopback", limits.IncludeLoopback),
            SilentUserAgents = section.List("Limits:SilentUserAgents"),
        };
    }

    private static AuthenticationLimitOptions ReadAuthenticationLimits(SettingsReader section)
    {
        var limits = new AuthenticationLimitOptions();
        return limits with
        {
            WrongPasswords = section.Number("Limits:WrongPasswords", limits.WrongPasswords),
            FailureWindow = section.Number("Limits:FailureWindow", limits.FailureWindow),
            FirstRefusal = section.Number("Limits:FirstRefusal", limits.FirstRefusal),
            LongestRefusal = section.Number("Limits:LongestRefusal", limits.LongestRefusal),
            WrongPasswordsOfUser = section.Number("Limits:WrongPasswordsOfUser", limits.WrongPasswordsOfUser),
            WrongPasswordsOfSource = section.Number("Limits:WrongPasswordsOfSource", limits.WrongPasswordsOfSource),
            UnknownUsers = section.Number("Limits:UnknownUsers", limits.UnknownUsers),
            SlowedSeconds = section.Number("Limits:SlowedSeconds", limits.SlowedSeconds),
            RegistersPerSecond = section.Number("Limits:RegistersPerSecond", limits.RegistersPerSecond),
            RegisterBurst = section.Number("Limits:RegisterBurst", limits.RegisterBurst),
            MaxUsers = section.Number("Limits:MaxUsers", limits.MaxUsers),
        };
    }

    private static DnsOptions ReadDns(SettingsReader section, ProvisioningOptions provisioning, string publicAddress)
    {
        var dns = new DnsOptions();
        return dns with
        {
            Address = section.Text("Dns:Address", dns.Address),
            Port = section.Number("Dns:Port", dns.Port),
            PublicAddress = publicAddress,
            BaseDomain = provisioning.BaseDomain,
            Targets = section.List("Dns:Targets"),
            Naptr = section.Text("Dns:Naptr", dns.Naptr),
            ResponsesPerSecond = section.Number("Dns:ResponsesPerSecond", dns.ResponsesPerSecond),
            ResponseBurst = section.Number("Dns:ResponseBurst", dns.ResponseBurst),
            LimitsLoopback = section.Flag("Limits:IncludeLoopback", dns.LimitsLoopback),
            Resolvers = section.List("Dns:Resolvers"),
        };
    }

    private static SpeechOptions ReadSpeech(SettingsReader section)
    {
        var speech = new SpeechOptions();
        return speech with
        {
            EspeakProgram = section.Text("Speech:EspeakProgram", speech.EspeakProgram),
            Parallel = section.Number("Speech:Parallel", speech.Parallel),
            Queue = section.Number("Speech:Queue", speech.Queue),
            CacheSize = section.Number("Speech:CacheSize", speech.CacheSize),
        };
    }

    private static RecordingOptions ReadRecordings(SettingsReader section, string dataDirectory)
    {
        var recordings = new RecordingOptions();
        return recordings with
        {
            Directory = Path.Combine(dataDirectory, "recordings"),
            Days = section.Number("Recordings:Days", recordings.Days),
            MegabytesPerAccount = section.Number("Recordings:MegabytesPerAccount", recordings.MegabytesPerAccount),
            MaxPerAccount = section.Number("Recordings:MaxPerAccount", recordings.MaxPerAccount),
            MaxActive = section.Number("Recordings:MaxActive", recordings.MaxActive),
        };
    }

    private static TranscriptionOptions ReadTranscription(SettingsReader section)
    {
        var transcription = new TranscriptionOptions();
        return transcription with
        {
            Program = section.Text("Transcription:Program", transcription.Program),
            Timeout = section.Number("Transcription:Timeout", transcription.Timeout),
            Parallel = section.Number("Transcription:Parallel", transcription.Parallel),
            MaxLive = section.Number("Transcription:MaxLive", transcription.MaxLive),
        };
    }

    private static WebhookOptions ReadWebhooks(SettingsReader section, HttpOptions http)
    {
        var webhooks = new WebhookOptions();
        return webhooks with
        {
            AllowedNetworks = section.List("Webhooks:AllowedNetworks"),
            AllowLoopback = http.IsLoopbackOnly, // ruling 30
            MaxInFlight = section.Number("Webhooks:MaxInFlight", webhooks.MaxInFlight),
            MaxInFlightPerAccount = section.Number("Limits:WebhooksPerAccount", webhooks.MaxInFlightPerAccount),
            MaxInFlightPerHost = section.Number("Limits:WebhooksPerHost", webhooks.MaxInFlightPerHost),
            HostRequestsPerSecond = section.Number("Limits:WebhooksPerHostPerSecond", webhooks.HostRequestsPerSecond),
            HostBurst = section.Number("Limits:WebhookBurst", webhooks.HostBurst),
        };
    }

    private static VoiceOptions ReadVoice(SettingsReader section, ProvisioningOptions provisioning, string publicAddress, HttpOptions http)
    {
        var voice = new VoiceOptions();
        return voice with
        {
            Profile = section.Choice("Voice:Profile", voice.Profile),
            MaxCalls = section.Number("Voice:MaxCalls", voice.MaxCalls),
            MaxEndedCalls = section.Number("Voice:MaxEndedCalls", voice.MaxEndedCalls),
            MaxConferences = section.Number("Voice:MaxConferences", voice.MaxConferences),
            MaxConferencesPerAccount = section.Number("Voice:MaxConferencesPerAccount", voice.MaxConferencesPerAccount),
            MaxEndedConferences = section.Number("Voice:MaxEndedConferences", voice.MaxEndedConferences),
            SessionExpires = section.Number("Voice:SessionExpires", voice.SessionExpires),
            TrunkCheckInterval = section.Number("Voice:TrunkCheckInterval", voice.TrunkCheckInterval),
            SipHosts = section.List("Voice:SipHosts"),
            AllowedNetworks = section.List("Voice:AllowedNetworks"),
            AllowLoopback = http.IsLoopbackOnly, // ruling 30
            PublicAddress = publicAddress,
            RequireHttpsWithCredentials = provisioning.RequireHttpsWithCredentials,
            BaseUrl = http.PublicUrl(publicAddress) + "/api/v2",
        };
    }

    /// <summary>When the bindings journal is written to the disk itself.</summary>
    private enum JournalFsync
    {
        /// <summary>Once a second.</summary>
        Second,

        /// <summary>Before each answer.</summary>
        Always,
    }
}
