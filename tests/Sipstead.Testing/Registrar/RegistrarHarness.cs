using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.Calls;
using Sipstead.Registrar.Gruus;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Registrar;

/// <summary>
/// The registrar from octets to octets, without sockets or disk: a fake clock, fake transports, a journal that can fail. Each call of
/// <see cref="Send(string, SipFlow?)"/> is one batch.
/// </summary>
internal sealed class RegistrarHarness : IDisposable
{
    private readonly SipMessage _message = new();
    private readonly SipReply _reply = new();
    private readonly byte[] _out = new byte[SipLimits.StreamMessage];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly byte[] _nonceKey;
    private long _lastId;

    /// <param name="meters">Counts what is counted; null for nobody.</param>
    /// <param name="before">The same server before a restart, which took a second and forgot everything but the key of nonces; or null.</param>
    /// <param name="admission">Limits of sources; null for the defaults.</param>
    /// <param name="loggers">Takes what the registrar says of limits; null for nobody.</param>
    public RegistrarHarness(
        RegistrarOptions? options = null, IMeterFactory? meters = null, RegistrarHarness? before = null, AdmissionOptions? admission = null,
        ILoggerFactory? loggers = null)
    {
        _nonceKey = before?._nonceKey ?? RandomNumberGenerator.GetBytes(NonceFactory.KeyLength);
        if (before is not null) Time.Advance(before.Time.GetUtcNow() - Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        meters ??= _services.GetRequiredService<IMeterFactory>();
        Options = options ?? new RegistrarOptions();
        View = new ProvisioningView(NullLogger<ProvisioningView>.Instance);
        Clock = new ServerClock(Time);
        Locations = new LocationService(Options, Clock);
        Nonces = new NonceFactory(_nonceKey, Clock.NowMs << 20);
        Metrics = new RegistrarMetrics(meters);
        var sipMetrics = new SipMetrics(meters);
        Trace = new SipTrace(Time, sipMetrics);
        Transactions = new TransactionLayer(Flows, Time, sipMetrics, Trace, NullLoggerFactory.Instance);
        Sessions = new SessionLayer(Transactions, new SipSessionOptions(), sipMetrics, NullLoggerFactory.Instance);
        History = new RegistrationHistory(Metrics, NullLogger<RegistrationHistory>.Instance);
        loggers ??= NullLoggerFactory.Instance;
        Admission = new SourceAdmission(admission ?? new AdmissionOptions(), sipMetrics, Time, loggers);
        var logger = loggers.CreateLogger("Sipstead.Registrar");
        var limits = new AuthenticationLimits(Options.Limits, Admission, View, Metrics, Time, logger);
        var trunks = new TrunkInvites(View, limits, Sessions, Calls, logger);
        Receivers = new RegistrarReceiverFactory(
            Options, View, Locations, Journal, Nonces, Flows, Clock, Metrics, sipMetrics, Sessions, Calls, trunks, History, Trace, Gruus, Admission, limits);
        Receiver = Receivers.Create();
    }

    public RegistrarOptions Options { get; }

    public SteppingTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public ServerClock Clock { get; }

    public ProvisioningView View { get; }

    public LocationService Locations { get; }

    public FakeFlows Flows { get; } = new();

    public FaultyJournal Journal { get; } = new();

    public NonceFactory Nonces { get; }

    public TemporaryGruus Gruus { get; } = new(RandomNumberGenerator.GetBytes(NonceFactory.KeyLength));

    public RegistrarMetrics Metrics { get; }

    /// <summary>What sources may send.</summary>
    public SourceAdmission Admission { get; }

    public RegistrationHistory History { get; }

    public SipTrace Trace { get; }

    public TransactionLayer Transactions { get; }

    public SessionLayer Sessions { get; }

    /// <summary>Who takes calls: nobody unless a test sets it.</summary>
    public DeviceCallsPort Calls { get; } = new();

    public RegistrarReceiverFactory Receivers { get; }

    /// <summary>What <see cref="Send(string, SipFlow?)"/> hands messages to: a receiver of this registrar, unless a test puts another one in its place.</summary>
    public ISipReceiver Receiver { get; set; }

    /// <summary>True to let no datagram take the short way of those that repeat what was read before.</summary>
    public bool ReadsAllWhole { get; set; }

    /// <summary>How many messages took that way.</summary>
    public int Repeats { get; private set; }

    /// <summary>Makes a realm and returns its FQDN.</summary>
    public string AddRealm(string name = "office", int port = 5060, DigestAlgorithms algorithms = DigestAlgorithms.Md5)
    {
        var fqdn = $"{name}.3efeaa.auth.example.net";
        var id = ++_lastId;
        View.AddRealms([new RealmEntry(id, 9_900_000, fqdn, port) { DigestAlgorithms = algorithms }], id);
        return fqdn;
    }

    /// <summary>Makes a credential with every hash that there is, and returns its id.</summary>
    public long AddFullCredential(string realm, string userName, string password)
    {
        View.Realms.TryFind(Encoding.ASCII.GetBytes(realm), out var entry);
        var id = ++_lastId;
        var secret = Secret(id, entry!.Id, 1, userName, realm, password, withHash1b: true);
        View.AddCredential(entry.AccountId, secret, userName, application: null, HashText.Pack(SipPassword.Sha(userName, realm, password)));
        return id;
    }

    /// <summary>Makes a credential whose Hash1 is no hash.</summary>
    public void AddUselessCredential(string realm, string userName)
    {
        View.Realms.TryFind(Encoding.ASCII.GetBytes(realm), out var entry);
        View.AddCredential(entry!.AccountId, new CredentialSecret(++_lastId, entry.Id, 1, null, null), userName);
    }

    /// <summary>Lets a realm offer other algorithms.</summary>
    public void SetAlgorithms(string realm, DigestAlgorithms algorithms)
    {
        View.Realms.TryFind(Encoding.ASCII.GetBytes(realm), out var entry);
        View.SetRealm(new RealmEntry(entry!.Id, entry.AccountId, entry.Fqdn, entry.SipPort) { DigestAlgorithms = algorithms });
    }

    /// <summary>Makes a credential with both hashes, and returns its id.</summary>
    public long AddCredential(string realm, string userName, string password, bool withHash1b = true)
    {
        View.Realms.TryFind(Encoding.ASCII.GetBytes(realm), out var entry);
        var id = ++_lastId;
        View.AddCredential(entry!.AccountId, Secret(id, entry.Id, 1, userName, realm, password, withHash1b), userName);
        return id;
    }

    /// <summary>Gives a credential another password.</summary>
    public void ChangePassword(string realm, long credentialId, string userName, string password)
    {
        View.Realms.TryFind(Encoding.ASCII.GetBytes(realm), out var entry);
        View.Credentials.TryGet(credentialId, out var old);
        View.SetHashes(entry!.AccountId, Secret(credentialId, entry.Id, old.HashRevision + 1, userName, realm, password, withHash1b: true), userName);
    }

    public static SipFlow Flow(string source = "192.0.2.10:40000", SipTransport transport = SipTransport.Udp, long connection = 0) =>
        new(transport, new TransportAddress(IPEndPoint.Parse(source)), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), connection);

    /// <summary>Sends one message as a batch of its own. Null when there is no answer.</summary>
    public SipResponseText? Send(string message, SipFlow? flow = null) => Send(Encoding.Latin1.GetBytes(message), flow);

    public SipResponseText? Send(byte[] message, SipFlow? flow = null)
    {
        var from = flow ?? Flow();
        _reply.Reset(_out, from.Source);
        var isRepeat = from.Transport == SipTransport.Udp && !ReadsAllWhole && Receiver.TryReceiveRepeat(message, 0, message.Length, from, _reply);
        if (isRepeat) Repeats++;
        SipParser.TryParseDatagram(message, 0, message.Length, _message);
        if (!isRepeat) Receiver.Receive(_message, from, _reply);
        if (!Receiver.Commit() && _reply.AwaitsCommit)
        {
            _reply.Reset(_out, from.Source);
            Receiver.Refuse(_message, from, _reply);
        }

        return _reply.Writer.Length == 0 ? null : new SipResponseText(_reply.Writer.Written);
    }

    /// <summary>Live bindings of a credential.</summary>
    public IReadOnlyList<Binding> Bindings(long credentialId) => Locations.Find(credentialId, flow => Flows.IsReachable(flow));

    public void Dispose()
    {
        Transactions.Dispose();
        _services.Dispose();
    }

    private static CredentialSecret Secret(long id, long realmId, int revision, string user, string realm, string password, bool withHash1b) => new(
        id, realmId, revision, Md5($"{user}:{realm}:{password}"), withHash1b ? Md5($"{user}@{realm}:{realm}:{password}") : null);

    private static UInt128 Md5(string text) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
