using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.Calls;
using Sipstead.Registrar.Gruus;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Journal;
using Sipstead.Registrar.KeepAlive;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar;

/// <summary>
/// The registrar as the rest of the server sees it: opens the journal, gives the transports their receivers, ends bindings when provisioning says so, and
/// tells which bindings there are.
/// </summary>
public sealed class RegistrarService : IDisposable
{
    /// <summary>The folder of the data folder that holds the bindings.</summary>
    public const string BindingsFolder = JournalFiles.FolderName;

    internal const string LogCategory = "Sipstead.Registrar";

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ProvisioningView _view;
    private readonly LocationService _locations;
    private readonly ISipFlows _flows;
    private readonly BindingJournal _journal;
    private readonly NatKeepAlive _keepAlive;
    private readonly FlowWatch _flowWatch;
    private readonly ServerClock _clock;
    private readonly RegistrarMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Lock _changing = new();
    private readonly LocationBatch _changes;
    private readonly DeviceCallsPort _calls;
    private readonly ITimer _sweep;

    private RegistrarService(
        ProvisioningView view, LocationService locations, ISipFlows flows, BindingJournal journal, NatKeepAlive keepAlive, ServerClock clock,
        RegistrarMetrics metrics, RegistrationHistory history, ISipReceiverFactory receivers, DeviceCallsPort calls, TemporaryGruus gruus,
        FlowWatch flowWatch, TimeProvider time, ILogger logger)
    {
        _view = view;
        _locations = locations;
        _flows = flows;
        _journal = journal;
        _keepAlive = keepAlive;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
        _changes = new LocationBatch(journal);
        _calls = calls;
        _flowWatch = flowWatch;
        History = history;
        Gruus = gruus;
        Receivers = receivers;
        metrics.ObserveAddressesOfRecord(() => locations.Count);
        _view.Changed += OnProvisioningChanged;
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>What the transports hand messages to.</summary>
    public ISipReceiverFactory Receivers { get; }

    /// <summary>The last attempts to register, and the ends of registrations.</summary>
    public RegistrationHistory History { get; }

    /// <summary>Reads the temporary GRUUs of devices.</summary>
    public TemporaryGruus Gruus { get; }

    /// <summary>Who takes the calls of authenticated devices and of trunks; null, the default, answers them 480.</summary>
    public IDeviceCalls? Calls
    {
        get => _calls.Calls;
        set => _calls.Calls = value;
    }

    /// <summary>Reads the bindings of earlier runs and gets ready to serve; the view must be loaded. Throws <see cref="JournalException"/>.</summary>
    /// <param name="admission">The limits of sources, as the transports have them; null for the defaults.</param>
    /// <param name="saved">What was read meanwhile; null to read it now.</param>
    public static RegistrarService Open(
        RegistrarOptions options, ProvisioningView view, ISipFlows flows, RegistrarMetrics metrics, SipMetrics sipMetrics,
        SessionLayer sessions, SipTrace trace, TimeProvider time, ILoggerFactory loggers, SourceAdmission? admission = null,
        SavedBindings? saved = null)
    {
        var logger = loggers.CreateLogger(LogCategory);
        saved ??= SavedBindings.Read(options, time, loggers);
        var (clock, locations) = (saved.Clock, saved.Locations);
        var key = ReadKey(options);
        var gruus = new TemporaryGruus(key);
        var nonces = new NonceFactory(key, clock.NowMs << 20); // a million challenges a millisecond before two runs could meet
        var journal = BindingJournal.Open(
            options, saved, time, (id, revision) => view.Credentials.TryGet(id, out var c) && c.HashRevision == revision, metrics, logger);
        var calls = new DeviceCallsPort();
        var history = new RegistrationHistory(metrics, loggers.CreateLogger<RegistrationHistory>());
        admission ??= new SourceAdmission(new AdmissionOptions(), sipMetrics, time, loggers);
        var limits = new AuthenticationLimits(options.Limits, admission, view, metrics, time, logger);
        var trunks = new TrunkInvites(view, limits, sessions, calls, logger);
        var receivers = new RegistrarReceiverFactory(
            options, view, locations, journal, nonces, flows, clock, metrics, sipMetrics, sessions, calls, trunks, history, trace, gruus, admission, limits);
        var keepAlive = new NatKeepAlive(options, locations, view, flows, clock, metrics, time, logger);
        var flowWatch = new FlowWatch(locations, flows, journal, clock, time, logger);
        return new RegistrarService(
            view, locations, flows, journal, keepAlive, clock, metrics, history, receivers, calls, gruus, flowWatch, time, logger);
    }

    /// <summary>Live bindings of one credential.</summary>
    public IReadOnlyList<Binding> Find(long credentialId) => _locations.Find(credentialId, IsReachable);

    /// <summary>Live bindings of a realm by id, from <paramref name="firstId"/> on, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<Binding> FindInRealm(long realmId, long firstId, int limit) => _locations.FindInRealm(realmId, firstId, limit, IsReachable);

    /// <summary>Whether registrations can be made durable now; while not, phones get 503.</summary>
    public bool IsJournalWorking => _journal.IsWorking;

    /// <summary>
    /// Copies the bindings of one moment, as files of the journal, into an empty folder; registrations go on meanwhile. Throws <see cref="IOException"/>.
    /// </summary>
    public void CopyBindings(string folder) => _journal.CopyTo(folder);

    /// <summary>The same of a data folder that no server uses.</summary>
    public static void CopyBindings(string dataDirectory, string folder)
    {
        if (Directory.Exists(Path.Combine(dataDirectory, JournalFiles.FolderName))) new JournalFiles(dataDirectory, new Disk()).CopyTo(folder);
    }

    /// <summary>How many credentials of each realm are registered; a realm without any is left out. Goes through all addresses-of-record: not for every request.</summary>
    public IReadOnlyDictionary<long, int> CountByRealm() => _locations.CountByRealm();

    /// <summary>Ends one binding. False when there is none; throws <see cref="IOException"/> when it cannot be made durable.</summary>
    public bool Remove(Binding binding) => End(binding, RegistrationOutcome.Removed);

    /// <summary>
    /// Ends the binding of a flow that a proxy on the way says has failed (430, RFC 5626 5.3), unless it was refreshed since. Should the journal fail, it
    /// stays until it expires.
    /// </summary>
    public void EndFlow(Binding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        if (!Find(binding.CredentialId).Any(current => current.Id == binding.Id && current.RefreshedAt == binding.RefreshedAt)) return;
        try
        {
            End(binding, RegistrationOutcome.FlowEnded);
        }
        catch (IOException e)
        {
            RegistrarLog.StepFailed(_logger, e);
        }
    }

    public void Dispose()
    {
        _view.Changed -= OnProvisioningChanged;
        _sweep.Dispose();
        _keepAlive.Dispose();
        _flowWatch.Dispose();
        _journal.Dispose();
    }

    private static byte[] ReadKey(RegistrarOptions options)
    {
        try
        {
            return NonceKeyFile.ReadOrCreate(options.DataDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The nonce key in {options.DataDirectory} cannot be read or written: {e.Message}", e);
        }
    }

    private bool End(Binding binding, RegistrationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var ends = EndsAs(outcome);
        bool removed;
        lock (_changing)
        {
            removed = _locations.Remove(binding.CredentialId, binding.Id, _changes, ends.Note);
            if (!_changes.Commit()) throw new IOException("The bindings journal cannot be written.");
        }

        ends.Tell();
        return removed;
    }

    private BindingEnds EndsAs(RegistrationOutcome outcome) => new(History, _view, _clock, outcome);

    private bool IsReachable(SipFlow flow) => _flows.IsReachable(flow);

    /// <summary>
    /// Rotation and deletion end what the credential registered (ruling 12). Should the journal fail just now, the revision kept with each record still keeps
    /// them from coming back after a restart, and they are ended in memory all the same.
    /// </summary>
    private void OnProvisioningChanged(ProvisioningChange change)
    {
        if (change.Kind is not (ProvisioningChangeKind.CredentialHashesChanged or ProvisioningChangeKind.CredentialRemoved)) return;
        var ends = EndsAs(RegistrationOutcome.Ended);
        lock (_changing)
        {
            _locations.RemoveAll(change.CredentialId, _changes, ends.Note);
            if (!_changes.Commit()) _locations.Forget(change.CredentialId);
        }

        ends.Tell();
    }

    private void Sweep()
    {
        try
        {
            var ends = EndsAs(RegistrationOutcome.Expired);
            var ended = _locations.Sweep(ends.Note, ends.Tell); // a shard's at a time, so that few wait to be told
            if (ended > 0) _metrics.Expired(ended);
        }
#pragma warning disable CA1031 // a timer's failure would end the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            RegistrarLog.StepFailed(_logger, e);
        }
    }
}
