using Microsoft.Extensions.Logging;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip;

/// <summary>Log messages of the SIP project. Ids 2000 to 2099; an id is never used again for another meaning.</summary>
internal static partial class SipLog
{
    [LoggerMessage(2000, LogLevel.Information, "SIP listens on {Transport} {EndPoint}")]
    public static partial void Listening(ILogger logger, string transport, TransportAddress endPoint);

    [LoggerMessage(2001, LogLevel.Error, "Receiving on UDP {EndPoint} failed with error {Error}; trying again")]
    public static partial void ReceiveFailed(ILogger logger, TransportAddress endPoint, int error);

    [LoggerMessage(2002, LogLevel.Error, "A SIP receiving loop on {EndPoint} met an unexpected failure and goes on")]
    public static partial void LoopFailed(ILogger logger, TransportAddress endPoint, Exception exception);

    [LoggerMessage(2003, LogLevel.Warning, "Accepting TCP connections on {EndPoint} failed with {Error}; trying again in {Delay}")]
    public static partial void AcceptFailed(ILogger logger, TransportAddress endPoint, System.Net.Sockets.SocketError error, TimeSpan delay);

    [LoggerMessage(2004, LogLevel.Debug, "Connection {Connection} from {Source} ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, long connection, TransportAddress source, string reason);

    [LoggerMessage(2005, LogLevel.Error, "A step of a SIP transaction or session failed unexpectedly; the session goes on")]
    public static partial void StepFailed(ILogger logger, Exception exception);

    [LoggerMessage(2006, LogLevel.Warning, "The table of SIP transactions is full ({Limit}); new calls are refused until others end")]
    public static partial void TransactionTableFull(ILogger logger, int limit);

    [LoggerMessage(2007, LogLevel.Debug, "INVITE session {CallId} ended: {End}")]
    public static partial void SessionEnded(ILogger logger, string callId, string end);

    [LoggerMessage(2008, LogLevel.Warning, "More comes in on UDP {EndPoint} than the server can take: the kernel dropped {Count} datagrams and goes on")]
    public static partial void OverflowBegan(ILogger logger, TransportAddress endPoint, uint count);

    [LoggerMessage(2009, LogLevel.Warning, "UDP {EndPoint} keeps up again; the kernel dropped {Count} datagrams meanwhile")]
    public static partial void OverflowEnded(ILogger logger, TransportAddress endPoint, long count);

    [LoggerMessage(2020, LogLevel.Warning, "No {Transport} connection to {Address}, asked for as {Host}: {Reason}")]
    public static partial void ConnectFailed(ILogger logger, string transport, TransportAddress address, string host, string reason);

    [LoggerMessage(2021, LogLevel.Warning, "{Count} connections to peers are being opened already; the one to {Address} is not")]
    public static partial void TooManyConnects(ILogger logger, int count, TransportAddress address);

    [LoggerMessage(2060, LogLevel.Warning, "Source {Source} sends more than it may; what is above its limit is dropped unread (Sipstead__Limits__RequestsPerSecond)")]
    public static partial void SourceLimited(ILogger logger, System.Net.IPAddress source);
}
