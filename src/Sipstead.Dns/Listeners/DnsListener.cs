using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns;

/// <summary>
/// The responder on one local address: UDP and TCP on the same port, and the library's server behind them. Answers leave from the address
/// that was asked, because each socket is bound to it.
/// </summary>
internal sealed class DnsListener : IDisposable
{
    private const int EphemeralAttempts = 20;

    private readonly ListenerContext _context;
    private readonly UdpTransport _udp;
    private readonly TcpTransport _tcp;
    private readonly DnsServer _server;

    private DnsListener(UdpTransport udp, TcpTransport tcp, ListenerContext context)
    {
        _context = context;
        _udp = udp;
        _tcp = tcp;
        EndPoint = udp.LocalEndPoint;
        _server = new DnsServer(udp, tcp);
        _server.QueryReceived += OnQueryAsync;
        _server.ExceptionThrown += OnExceptionAsync;
        _server.Start();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Opens both sockets and begins to answer. Port 0 takes a port that is free for both.</summary>
    /// <exception cref="DnsBindException">A socket cannot be had.</exception>
    public static DnsListener Open(IPAddress address, int port, ListenerContext context)
    {
        for (var attempt = 1; ; attempt++)
        {
            var udp = Bind(new IPEndPoint(address, port), "UDP", endPoint => new UdpTransport(endPoint, context));
            try
            {
                var tcp = Bind(udp.LocalEndPoint, "TCP", endPoint => new TcpTransport(endPoint, context));
                return new DnsListener(udp, tcp, context);
            }
            catch (DnsBindException) when (port == 0 && attempt < EphemeralAttempts)
            {
                udp.Dispose();
            }
            catch
            {
                udp.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        try
        {
            _server.Stop();
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            // Stopped so soon that a loop of the server had not begun.
        }
        finally
        {
            _udp.Close();
            _tcp.Close();
        }
    }

    private static T Bind<T>(IPEndPoint endPoint, string protocol, Func<IPEndPoint, T> open)
    {
        try
        {
            return open(endPoint);
        }
        catch (SocketException exception)
        {
            throw new DnsBindException(endPoint, protocol, exception);
        }
    }

    private Task OnQueryAsync(object sender, QueryReceivedEventArgs e)
    {
        try
        {
            e.Response = _context.Answers.Answer((DnsMessage)e.Query, EndPoint.Address);
        }
#pragma warning disable CA1031 // A fault of ours costs one answer (the library makes it SERVFAIL), never the responder.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            DnsLog.AnswerFailed(_context.Logger, EndPoint, exception);
        }
        return Task.CompletedTask;
    }

    private Task OnExceptionAsync(object sender, ExceptionEventArgs e)
    {
        DnsLog.AnswerFailed(_context.Logger, EndPoint, e.Exception);
        return Task.CompletedTask;
    }
}
