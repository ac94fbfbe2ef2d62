using Sipstead.Dashboard.Doctor;
using Sipstead.Dns;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Provisioning;
using Sipstead.Registrar;
using Sipstead.Sip.Transport;
using Sipstead.Voice;
using Sipstead.Webhooks;

namespace Sipstead.Server.Configuration;

/// <summary>All settings of the server, read from the one <c>Sipstead</c> section and checked together.</summary>
internal sealed record ServerSettings
{
    public required ProvisioningOptions Provisioning { get; init; }

    public required SipOptions Sip { get; init; }

    public required RegistrarOptions Registrar { get; init; }

    public required DnsOptions Dns { get; init; }

    public required HttpOptions Http { get; init; }

    public required MediaOptions Media { get; init; }

    public required AudioOptions Audio { get; init; }

    public required SpeechOptions Speech { get; init; }

    public required WebhookOptions Webhooks { get; init; }

    public required VoiceOptions Voice { get; init; }

    /// <summary>Whether the demo is set up and its application hosted (<c>--demo</c>).</summary>
    public bool Demo { get; init; }

    /// <summary>The same for a demo: its webhooks go to this server itself, over loopback.</summary>
    public ServerSettings ForDemo() => this with { Demo = true, Webhooks = Webhooks with { AllowLoopback = true } };

    /// <summary>How devices and clients reach the server.</summary>
    public ConnectionSettings Connection => new()
    {
        SipAddress = Sip.Address, PublicAddress = Dns.PublicAddress, BaseDomain = Dns.BaseDomain, DnsPort = Dns.Port, HttpUrls = Http.Urls, MediaPorts = Media.Ports,
    };

    /// <summary>Absolute path of the data folder.</summary>
    public string DataDirectory => Provisioning.DataDirectory;

    /// <summary>Reads the settings. Throws <see cref="SettingsException"/> with everything that is wrong.</summary>
    public static ServerSettings Read(IConfiguration configuration)
    {
        var section = new SettingsReader(configuration.GetSection("Sipstead"));
        var settings = Read(section);
        var errors = Gather(
            section.Errors, section.UnknownKeys(), settings.Provisioning.Validate(), settings.Sip.Validate(), settings.Registrar.Validate(),
            settings.Dns.Validate(), settings.Http.Validate(), settings.Media.Validate(), settings.Audio.Validate(), settings.Speech.Validate(),
            settings.Webhooks.Validate(), settings.Voice.Validate());
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
            BaseDomain = section.Text("BaseDomain", provisioning.BaseDomain),
            RealmFqdn = section.Text("RealmFqdn", provisioning.RealmFqdn),
            SipPort = section.Number("Sip:Port", provisioning.SipPort),
            AccountPorts = section.Text("Sip:AccountPorts", provisioning.AccountPorts),
            BootstrapAccountId = section.Number("Bootstrap:AccountId", (int)provisioning.BootstrapAccountId),
            BootstrapUserName = section.Text("Bootstrap:UserName", provisioning.BootstrapUserName),
            BootstrapPassword = section.OptionalText("Bootstrap:Password"),
            RedirectFirstPage = section.Flag("Http:RedirectFirstPage", provisioning.RedirectFirstPage),
            KnownProxies = section.List("Http:KnownProxies"),
            RequireHttpsWithCredentials = section.Flag("Voice:RequireHttpsWithCredentials", provisioning.RequireHttpsWithCredentials),
        };
        var publicAddress = section.Text("PublicAddress", "");
        var http = new HttpOptions { Url = section.Text("Http:Url", HttpOptions.DefaultUrl) };
        return new ServerSettings
        {
            Provisioning = provisioning,
            Sip = ReadSip(section, provisioning),
            Registrar = ReadRegistrar(section, dataDirectory),
            Dns = ReadDns(section, provisioning, publicAddress),
            Http = http,
            Media = new MediaOptions { Ports = section.Text("Rtp:Ports", new MediaOptions().Ports) },
            Audio = new AudioOptions { FfmpegProgram = section.Text("Audio:FfmpegProgram", new AudioOptions().FfmpegProgram) },
            Speech = ReadSpeech(section),
            Webhooks = ReadWebhooks(section, http),
            Voice = ReadVoice(section, provisioning, publicAddress, http),
        };
    }

    private static SipOptions ReadSip(SettingsReader section, ProvisioningOptions provisioning)
    {
        var sip = new SipOptions();
        return sip with
        {
            Address = section.Text("Sip:Address", sip.Address),
            Port = provisioning.SipPort,
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
            DataDirectory = dataDirectory,
            FsyncAlways = section.Choice("Journal:Fsync", JournalFsync.Second) == JournalFsync.Always,
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

    private static WebhookOptions ReadWebhooks(SettingsReader section, HttpOptions http)
    {
        var webhooks = new WebhookOptions();
        return webhooks with
        {
            AllowedNetworks = section.List("Webhooks:AllowedNetworks"),
            AllowLoopback = http.IsLoopbackOnly, // ruling 30
            MaxInFlight = section.Number("Webhooks:MaxInFlight", webhooks.MaxInFlight),
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
            SipHosts = section.List("Voice:SipHosts"),
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
