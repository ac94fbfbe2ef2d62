using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Api;

/// <summary>What is wrong with a BXML document, and where; the place is left out where there is none.</summary>
internal record BxmlErrorBody
{
    public string? Message { get; init; }
    public int? Line { get; init; }
    public int? Column { get; init; }
    public string? Verb { get; init; }
    public string? Attribute { get; init; }

    public static BxmlErrorBody Of(BxmlError error) => new()
    {
        Message = error.Message, Line = Positive(error.Line), Column = Positive(error.Column), Verb = error.Verb, Attribute = error.Attribute,
    };

    private static int? Positive(int number) => number > 0 ? number : null;
}

/// <summary>Whether a BXML document is valid, and what is wrong with it (an addition of ours).</summary>
internal sealed record ValidationBody : BxmlErrorBody
{
    public ValidationBody() => Valid = true;

    public ValidationBody(BxmlErrorBody error)
        : base(error)
    {
    }

    public bool Valid { get; }
}

/// <summary>A document that a call was given (an addition of ours).</summary>
internal sealed record DocumentBody
{
    public required string Time { get; init; }
    public required string Source { get; init; }
    public string? EventType { get; init; }
    public string? Url { get; init; }
    public required string Bxml { get; init; }
    public BxmlErrorBody? Error { get; init; }
    public required IReadOnlyList<RanVerbBody> Verbs { get; init; }
}

/// <summary>A verb that ran.</summary>
internal sealed record RanVerbBody
{
    public required string Verb { get; init; }
    public required int Line { get; init; }
    public required int Column { get; init; }
    public required string StartTime { get; init; }
    public string? EndTime { get; init; }
    public required string Outcome { get; init; }
    public string? Cause { get; init; }
    public string? ErrorMessage { get; init; }
}

/// <summary>The legs of a call and its media (an addition of ours).</summary>
internal sealed record CallMediaBody
{
    public required IReadOnlyList<LegBody> Legs { get; init; }
    public string? Codec { get; init; }
    public string? Encryption { get; init; }
    public long? PacketsSent { get; init; }
    public long? OctetsSent { get; init; }
    public long? PacketsReceived { get; init; }
    public long? OctetsReceived { get; init; }
    public long? PacketsLost { get; init; }
    public double? LossPercent { get; init; }
    public long? PacketsLate { get; init; }
    public long? PacketsDropped { get; init; }
    public double? JitterMs { get; init; }
    public double? ConcealedMs { get; init; }
    public double? RoundTripMs { get; init; }
    public double? RemoteLossPercent { get; init; }
    public double? RemoteJitterMs { get; init; }
}

/// <summary>A device of a call, or its way over a trunk.</summary>
internal sealed record LegBody(string SipCallId, string Uri, string Transport, string Peer, string StartTime, int? SipStatus, string? Reason, string? Trunk);

/// <summary>A SIP message of a call (an addition of ours).</summary>
internal sealed record TracedMessageBody(
    long Number, string Time, string Direction, string Transport, string Peer, string Local, string StartLine, string Message);
