namespace Sipstead.Media;

/// <summary>Why an offer or an answer is not taken.</summary>
/// <param name="Status">SIP status: 488 (not acceptable here) or 400 (unreadable).</param>
/// <param name="Reason">Text for a Warning header (RFC 3261 20.43): ours throughout, with nothing that the peer sent.</param>
public sealed record MediaRefusal(int Status, string Reason)
{
    /// <summary>Warn-code for the header: 300 to 399 (RFC 3261 20.43).</summary>
    public int Warning { get; init; } = 399;

    internal static MediaRefusal NotAcceptable(int warning, string reason) => new(488, reason) { Warning = warning };
}

/// <summary>The answer to an offer: a description, or a refusal; never both.</summary>
public readonly record struct MediaAnswer(byte[]? Sdp, MediaRefusal? Refusal);
