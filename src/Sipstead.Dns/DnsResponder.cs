using System.Diagnostics.Metrics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sipstead.Dns;

/// <summary>
/// Authoritative DNS for one zone, the base domain, over UDP and TCP (RFC 1034, 1035, 7766). It never recurses and keeps nothing but what
/// <see cref="IZoneSource"/> gives it.
/// </summary>
public sealed class DnsResponder : IAsyncDisposable
{
    private readonly DnsOptions _options;
    private readonly ILocalAddresses _addresses;
    private readonly ListenerContext _context;
    private readonly IZoneSource _zones;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, DnsListener> _listeners = [];
    private bool _started;
    private bool _stopped;

    /// <summary>A responder that does not listen yet.</summary>
    /// <exception cref="ArgumentException">The options are not valid, or the zone's apex is not the base domain.</exception>
    public DnsResponder(
        DnsOptions options, IZoneSource zones, ILoggerFactory loggerFactory, TimeProvider timeProvider, IMeterFactory meterFactory)
        : this(options, zones, loggerFactory, timeProvider, meterFactory, new MachineAddresses())
    {
    }

    internal DnsResponder(
        DnsOptions options, IZoneSource zones, ILoggerFactory loggerFactory, TimeProvider timeProvider, IMeterFactory meterFactory,
        ILocalAddresses addresses)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(zones);
        if (string.Join(" ", options.Validate()) is { Length: > 0 } problems)
            throw new ArgumentException(problems, nameof(options));
        if (zones.Current.Apex != ZoneName.Fold(options.BaseDomain))
            throw new ArgumentException($"The zone is {zones.Current.Apex}, Sipstead:BaseDomain is {options.BaseDomain}.", nameof(zones));

        _options = options;
        _zones = zones;
        _addresses = addresses;
        var meter = new DnsMeter(meterFactory);
        var logger = loggerFactory.CreateLogger("Sipstead.Dns");
        _context = new ListenerContext(
            new ZoneAnswers(zones, options), meter, logger, timeProvider, new TcpAdmission(meter), new ResponseLimit(options, timeProvider, logger));
    }

    /// <summary>Where the responder listens, on UDP and TCP alike; empty when it is off.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints
    {
        get
        {
            lock (_lock)
                return [.. _listeners.Values.Select(listener => listener.EndPoint)];
        }
    }

    /// <summary>Opens the sockets and begins to answer; does nothing when <see cref="DnsOptions.Port"/> is 0.</summary>
    /// <exception cref="DnsBindException">A socket cannot be had; none stays open then.</exception>
    /// <exception cref="InvalidOperationException">The responder was started before.</exception>
    public void Start()
    {
        lock (_lock)
        {
            if (_started || _stopped)
                throw new InvalidOperationException("A DNS responder starts once.");
            _started = true;
            if (_options.Port == 0)
            {
                DnsLog.Off(_context.Logger);
                return;
            }
            try
            {
                OpenAll();
            }
            catch
            {
                CloseAll();
                throw;
            }
        }
    }

    /// <summary>Stops answering and closes all sockets.</summary>
    public ValueTask DisposeAsync()
    {
        _addresses.Changed -= OnAddressesChanged;
        (_addresses as IDisposable)?.Dispose();
        lock (_lock)
        {
            _stopped = true;
            CloseAll();
        }
        return ValueTask.CompletedTask;
    }

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private void OpenAll()
    {
        var wildcards = false;
        foreach (var address in _options.ListenAddresses())
        {
            if (IsWildcard(address))
                wildcards = true;
            else
                Open(address);
        }
        if (!wildcards)
            return;

        _addresses.Changed += OnAddressesChanged;
        foreach (var address in WantedAddresses().Except(_listeners.Keys).ToList())
            OpenUnlessGone(address);
        if (_listeners.Count == 0)
            DnsLog.NoAddress(_context.Logger);
    }

    private HashSet<IPAddress> WantedAddresses()
    {
        var configured = _options.ListenAddresses();
        var families = configured.Where(IsWildcard).Select(address => address.AddressFamily).ToHashSet();
        return
        [
            .. configured.Where(address => !IsWildcard(address)),
            .. _addresses.List().Where(address => families.Contains(address.AddressFamily)),
        ];
    }

    private void Open(IPAddress address)
    {
        var port = _options.Port == DnsOptions.AnyFreePort ? 0 : _options.Port;
        var listener = DnsListener.Open(address, port, _context);
        _listeners.Add(address, listener);
        DnsLog.Listening(_context.Logger, _zones.Current.Apex, listener.EndPoint);
    }

    /// <summary>An address can vanish between listing and binding, or not be ready yet; that is no fault of the configuration.</summary>
    private void OpenUnlessGone(IPAddress address)
    {
        try
        {
            Open(address);
        }
        catch (DnsBindException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            DnsLog.AddressLeftOut(_context.Logger, exception.Message);
        }
    }

    private void OnAddressesChanged()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            if (TryListWanted() is not { } wanted)
                return;
            foreach (var address in _listeners.Keys.Except(wanted).ToList())
                Close(address);
            foreach (var address in wanted.Except(_listeners.Keys).ToList())
                OpenOrLeaveOut(address);
        }
    }

    /// <summary>Null when the operating system would not list its addresses; the listeners stay as they are then.</summary>
    private HashSet<IPAddress>? TryListWanted()
    {
        try
        {
            return WantedAddresses();
        }
        catch (NetworkInformationException exception)
        {
            DnsLog.AddressesUnknown(_context.Logger, exception);
            return null;
        }
    }

    private void OpenOrLeaveOut(IPAddress address)
    {
        try
        {
            Open(address);
        }
        catch (DnsBindException exception)
        {
            DnsLog.AddressLeftOut(_context.Logger, exception.Message);
        }
    }

    private void Close(IPAddress address)
    {
        if (!_listeners.Remove(address, out var listener))
            return;
        listener.Dispose();
        DnsLog.AddressGone(_context.Logger, listener.EndPoint);
    }

    private void CloseAll()
    {
        foreach (var listener in _listeners.Values)
            listener.Dispose();
        _listeners.Clear();
    }
}
