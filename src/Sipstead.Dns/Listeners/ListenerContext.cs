using Microsoft.Extensions.Logging;

namespace Sipstead.Dns;

/// <summary>What every listener of one responder shares.</summary>
internal sealed record ListenerContext(
    ZoneAnswers Answers, DnsMeter Meter, ILogger Logger, TimeProvider Time, TcpAdmission Admission, ResponseLimit Limit);
