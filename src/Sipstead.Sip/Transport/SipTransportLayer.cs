using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sipstead.Sip.Admission;

namespace Sipstead.Sip.Transport;

/// <summary>
/// All SIP listeners and connections of the process: opens UDP and TCP on each address for a port, one port for TLS, and sends over a flow. The first port
/// has its own receiving threads; further ports are received on the pool (ruling 15).
/// </summary>
public sealed class SipTransportLayer : ISipFlows, ISipConnector, IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly SipOptions _options;
    private readonly SipMetrics _metrics;
    private readonly SourceAdmission _admission;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConnectionTable _connections;
    private readonly LocalAddresses _localAddresses = new();
    private readonly ConcurrentDictionary<int, Port> _ports = new();
    private readonly Lock _opening = new();
    private readonly IReadOnlyList<IPAddress> _addresses;
    private readonly ITimer _sweep;
    private readonly TlsAcceptor? _tls;
    private readonly OutgoingConnections _outgoing;
    private IReadOnlyList<TcpListener> _tlsListeners = [];
    private UdpWorkerPool? _udpWorkers;
    private StreamWorkerPool? _streamWorkers;

    /// <param name="admission">What sources may send; null for the defaults.</param>
    /// <param name="certificates">Those of the TLS port; null for none, and no TLS port.</param>
    public SipTransportLayer(
        SipOptions options, SipMetrics metrics, TimeProvider time, ILoggerFactory loggers, SourceAdmission? admission = null,
        ITlsCertificates? certificates = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        if (!SipOptions.TryParseAddresses(options.Address, out _addresses)) throw new ArgumentException(string.Join(' ', options.Validate()), nameof(options));
        _metrics = metrics;
        _admission = admission ?? new SourceAdmission(new AdmissionOptions(), metrics, time, loggers);
        _time = time;
        _logger = loggers.CreateLogger("Sipstead.Sip.Transport");
        _connections = new ConnectionTable(options, metrics);
        _tls = certificates is null || options.TlsPort == 0 ? null : new TlsAcceptor(certificates, metrics, time);
        _outgoing = new OutgoingConnections(_connections, new TlsConnector(certificates, time), metrics, time, _logger);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>The listeners of one port.</summary>
    private sealed record Port(IReadOnlyList<UdpListener> Udp, IReadOnlyList<TcpListener> Tcp);

    /// <summary>The TLS port; 0 while TLS is off.</summary>
    public int TlsPort { get; private set; }

    /// <summary>Ports that are open for UDP and TCP.</summary>
    public IReadOnlyCollection<int> OpenPorts => (IReadOnlyCollection<int>)_ports.Keys;

    /// <summary>Open stream connections.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>
    /// Opens the first port (0 takes a free one) and the TLS port, hands what comes in to receivers, and returns the first. Throws
    /// <see cref="SipBindException"/>.
    /// </summary>
    public int Start(ISipReceiverFactory receivers)
    {
        _udpWorkers = new UdpWorkerPool(receivers, _metrics, _admission);
        _streamWorkers = new StreamWorkerPool(receivers, _metrics, _admission);
        var port = Open(_options.Port, ownThreads: true);
        if (_tls is not null) OpenTls(_tls);
        return port;
    }

    /// <summary>Opens the port of a further account, if it is not open. Throws <see cref="SipBindException"/>.</summary>
    public void OpenAccountPort(int port) => Open(port, ownThreads: false);

    /// <summary>Closes a port; connections that came in on it stay.</summary>
    public async ValueTask CloseAsync(int port)
    {
        if (_ports.TryRemove(port, out var listeners)) await CloseAsync(listeners);
    }

    public bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (flow.Transport.IsStream()) return _connections.TryGet(flow.ConnectionId, out var connection) && connection.TrySend(message);
        if (!DestinationPolicy.MayReceive(flow.Source) || !_ports.TryGetValue(flow.Local.Port, out var port)) return false;
        foreach (var listener in port.Udp)
        {
            if (listener.Local.IsIpv4 == flow.Local.IsIpv4 && (listener.Local.IsAny || listener.Local.Bits == flow.Local.Bits))
                return listener.Socket.TrySend(message, flow.Source, flow.Local);
        }

        return false;
    }

    public bool IsReachable(in SipFlow flow) => !flow.Transport.IsStream() || _connections.TryGet(flow.ConnectionId, out _);

    public void Keep(in SipFlow flow, TimeSpan lifetime)
    {
        if (flow.ConnectionId != 0 && _connections.TryGet(flow.ConnectionId, out var connection)) _connections.Keep(connection, lifetime);
    }

    public void EndAfterSilence(in SipFlow flow, TimeSpan silence)
    {
        if (flow.ConnectionId != 0 && _connections.TryGet(flow.ConnectionId, out var connection)) connection.EndAfterSilence(silence);
    }

    public bool IsOwnListener(TransportAddress address) =>
        (_ports.ContainsKey(address.Port) || (TlsPort != 0 && address.Port == TlsPort)) && _localAddresses.Contains(address);

    public async ValueTask<SipFlow?> ConnectAsync(SipTarget target, int localPort, CancellationToken cancellationToken)
    {
        var way = await FindWayAsync(target, localPort, cancellationToken);
        if (way.Flow is null) SipLog.ConnectFailed(_logger, target.Transport.Token(), target.Address, target.Host, way.Problem);
        return way.Flow;
    }

    public async ValueTask<SipWay> FindWayAsync(SipTarget target, int localPort, CancellationToken cancellationToken)
    {
        if (!DestinationPolicy.MayReceive(target.Address) || IsOwnListener(target.Address)) return SipWay.None("nothing may be sent there");
        if (LocalAddresses.Facing(target.Address) is not { } local) return SipWay.None("no address of this machine reaches it");
        return target.Transport switch
        {
            SipTransport.Udp => _ports.ContainsKey(localPort)
                ? SipWay.Of(new SipFlow(SipTransport.Udp, target.Address, local.WithPort(localPort), 0))
                : SipWay.None("the port to send from is closed"),
            SipTransport.Tcp => await _outgoing.ConnectAsync(target, localPort, StreamWorkers, cancellationToken),
            SipTransport.Tls => await _outgoing.ConnectAsync(target, TlsPort, StreamWorkers, cancellationToken),
            _ => SipWay.None("nobody can be connected to by WebSocket"), // WebSocket clients have no address that they could be reached at
        };
    }

    public async ValueTask DisposeAsync()
    {
        _localAddresses.Dispose();
        await _sweep.DisposeAsync();
        foreach (var port in _ports.Keys) await CloseAsync(port);
        foreach (var listener in Interlocked.Exchange(ref _tlsListeners, [])) await listener.DisposeAsync();
        await _outgoing.DisposeAsync();
        foreach (var connection in _connections.All) connection.Close();
    }

    private UdpWorkerPool UdpWorkers => _udpWorkers ?? throw new InvalidOperationException("Start comes first.");

    private StreamWorkerPool StreamWorkers => _streamWorkers ?? throw new InvalidOperationException("Start comes first.");

    private int Open(int port, bool ownThreads)
    {
        lock (_opening)
        {
            if (port != 0 && _ports.ContainsKey(port)) return port;
            var opened = port == 0 ? BindFree(ref port) : Bind(ref port);
            _ports[port] = opened;
            foreach (var listener in opened.Udp)
            {
                if (ownThreads) listener.StartThread(_time);
                else listener.StartPooled();
            }

            foreach (var listener in opened.Tcp) listener.Start();
            return port;
        }
    }

    private void OpenTls(TlsAcceptor tls)
    {
        var listeners = new List<TcpListener>();
        _tlsListeners = listeners;
        foreach (var address in _addresses.Where(IsUsable)) listeners.Add(BindStream("TLS", new IPEndPoint(address, _options.TlsPort), tls));
        TlsPort = _options.TlsPort;
        listeners.ForEach(listener => listener.Start());
    }

    /// <summary>Finds a port that is free for all addresses and both transports.</summary>
    private Port BindFree(ref int port)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                port = 0;
                return Bind(ref port);
            }
            catch (SipBindException) when (tries < 20)
            {
                // Free for the first socket, taken for another: take the next one.
            }
        }
    }

    private Port Bind(ref int port)
    {
        var udp = new List<UdpListener>();
        var tcp = new List<TcpListener>();
        try
        {
            foreach (var address in _addresses.Where(IsUsable))
            {
                udp.AddRange(BindUdp(new IPEndPoint(address, port)));
                port = udp[^1].Local.Port;
                tcp.Add(BindStream("TCP", new IPEndPoint(address, port), null));
            }

            return new Port(udp, tcp);
        }
        catch
        {
            _ = CloseAsync(new Port(udp, tcp)).AsTask();
            throw;
        }
    }

    /// <summary>The IPv6 wildcard is left out, not an error, where the system has no IPv6.</summary>
    private static bool IsUsable(IPAddress address) => !address.Equals(IPAddress.IPv6Any) || Socket.OSSupportsIPv6;

    private List<UdpListener> BindUdp(IPEndPoint endPoint)
    {
        try
        {
            // Bound alone first: a shared bind would not notice another server on the port.
            var first = UdpListener.Bind(endPoint, shared: false, UdpWorkers, _metrics, _logger);
            if (_options.UdpThreads == 1 || endPoint.Port != _options.Port) return [first];
            endPoint = new IPEndPoint(endPoint.Address, first.Local.Port);
            first.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return Enumerable.Range(0, _options.UdpThreads).Select(_ => UdpListener.Bind(endPoint, shared: true, UdpWorkers, _metrics, _logger)).ToList();
        }
        catch (SocketException e)
        {
            throw new SipBindException("UDP", endPoint, e);
        }
    }

    private TcpListener BindStream(string transport, IPEndPoint endPoint, TlsAcceptor? tls)
    {
        try
        {
            return TcpListener.Bind(endPoint, _connections, StreamWorkers, _time, _logger, tls);
        }
        catch (SocketException e)
        {
            throw new SipBindException(transport, endPoint, e);
        }
    }

    private static async ValueTask CloseAsync(Port port)
    {
        foreach (var listener in port.Tcp) await listener.DisposeAsync();
        foreach (var listener in port.Udp) await listener.DisposeAsync();
    }

    private void Sweep()
    {
        foreach (var listener in _ports.Values.SelectMany(port => port.Udp)) listener.CountOverflow();
        foreach (var connection in _connections.All)
        {
            if (connection.IsOverdue()) connection.Close();
        }
    }
}
