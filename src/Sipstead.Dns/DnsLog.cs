using System.Net;
using Microsoft.Extensions.Logging;

namespace Sipstead.Dns;

/// <summary>Everything that the responder logs. Event ids 4000 to 4099.</summary>
internal static partial class DnsLog
{
    [LoggerMessage(4000, LogLevel.Information, "DNS answers for {Apex} on {EndPoint} (UDP and TCP).")]
    public static partial void Listening(ILogger logger, string apex, IPEndPoint endPoint);

    [LoggerMessage(4001, LogLevel.Information, "DNS is off (Sipstead:Dns:Port is 0).")]
    public static partial void Off(ILogger logger);

    [LoggerMessage(4002, LogLevel.Warning, "{Reason}")]
    public static partial void AddressLeftOut(ILogger logger, string reason);

    [LoggerMessage(4003, LogLevel.Information, "DNS no longer listens on {EndPoint}: the address is gone.")]
    public static partial void AddressGone(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(4004, LogLevel.Warning, "DNS could not receive on {EndPoint}; it goes on.")]
    public static partial void ReceiveFailed(ILogger logger, IPEndPoint endPoint, Exception exception);

    [LoggerMessage(4005, LogLevel.Error, "A DNS query on {EndPoint} could not be answered.")]
    public static partial void AnswerFailed(ILogger logger, IPEndPoint endPoint, Exception exception);

    [LoggerMessage(4006, LogLevel.Warning, "Sipstead:Dns:Address holds a wildcard, but this machine has no address to listen on yet.")]
    public static partial void NoAddress(ILogger logger);

    [LoggerMessage(4007, LogLevel.Warning, "The addresses of this machine could not be listed; DNS stays on those it has.")]
    public static partial void AddressesUnknown(ILogger logger, Exception exception);

    [LoggerMessage(4008, LogLevel.Warning, "The zone's last serial could not be read from {Path}; it begins with the clock.")]
    public static partial void SerialNotRead(ILogger logger, string path, Exception exception);

    [LoggerMessage(4009, LogLevel.Warning, "The zone's serial could not be written to {Path}; after a restart it may fall behind.")]
    public static partial void SerialNotWritten(ILogger logger, string path, Exception exception);

    [LoggerMessage(4010, LogLevel.Debug, "Asking {Server} for {Name} failed")]
    public static partial void LookupFailed(ILogger logger, string name, IPEndPoint server, Exception exception);

    [LoggerMessage(4011, LogLevel.Warning, "DNS answers over UDP to {Network} are limited: it asks more than {Rate} times a second for the same. Others may be forging its address.")]
    public static partial void AnswersLimited(ILogger logger, string network, int rate);
}
