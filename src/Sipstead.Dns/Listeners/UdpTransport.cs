using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns;

/// <summary>
/// UDP on one local address. The library's server is given a few lanes, each a connection without end that answers one datagram after the
/// other; so neither tasks nor memory grow with the number of datagrams, and what does not fit waits in the socket's buffer.
/// </summary>
internal sealed class UdpTransport : IServerTransport
{
    private const int Lanes = 4;
    private const int ReceiveBuffer = 1 << 20;

    private readonly ListenerContext _context;
    private readonly SemaphoreSlim _freeLanes = new(Lanes, Lanes);

    /// <exception cref="SocketException">The address and port cannot be had.</exception>
    public UdpTransport(IPEndPoint endPoint, ListenerContext context)
    {
        _context = context;
        Socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBuffer };
        try
        {
            Socket.Bind(endPoint);
            LocalEndPoint = (IPEndPoint)Socket.LocalEndPoint!;
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>No limit here: the client's limit is applied to the encoded answer.</summary>
    public ushort DefaultAllowedResponseSize => ushort.MaxValue;

    public bool SupportsMultipleResponses => false;

    public bool AllowTruncatedResponses => true;

    public TransportProtocol TransportProtocol => TransportProtocol.Udp;

    internal Socket Socket { get; }

    /// <summary>What the lanes have answered from this address.</summary>
    internal AnswerCache Known { get; } = new();

    public void Bind()
    {
        // Bound when it was made, so that a refusal is reported to the operator.
    }

    public async Task<IServerConnection?> AcceptConnectionAsync(CancellationToken token = default)
    {
        try
        {
            await _freeLanes.WaitAsync(token).ConfigureAwait(false);
            return new UdpLane(this, _context);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Close() => Socket.Dispose();

    public void Dispose() => Socket.Dispose();

    internal void Release() => _freeLanes.Release();
}
