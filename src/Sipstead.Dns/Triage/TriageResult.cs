namespace Sipstead.Dns;

/// <summary>What becomes of a received message.</summary>
internal enum TriageOutcome
{
    /// <summary>Silence: the message is none that may be answered.</summary>
    Drop,

    /// <summary>An error, already encoded.</summary>
    Reply,

    /// <summary>A well-formed query, in a reduced form: header, question and an OPT record without options.</summary>
    Pass,
}

/// <summary>The judgement on a received message.</summary>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="DropReason">Why it is dropped, as the metric names it.</param>
/// <param name="Octets">The reply, or the reduced query; behind two octets of length.</param>
/// <param name="Rcode">The reply's response code.</param>
/// <param name="QuestionLength">The octets of the question.</param>
/// <param name="PayloadSize">The longest answer that the client takes over UDP, within our own limits.</param>
internal readonly record struct TriageResult(
    TriageOutcome Outcome, string DropReason, byte[] Octets, Rcode Rcode, int QuestionLength, int PayloadSize);
