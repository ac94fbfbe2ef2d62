using Sipstead.Media;
using Sipstead.Sip.Trace;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Voice.Calls;

/// <summary>All that is known of one call, at one moment. Lists are in the order of time; what a bound dropped is missing at their beginning.</summary>
public sealed record CallDetails
{
    public required CallState State { get; init; }

    /// <summary>The caller's device, or the devices that rang; empty when none was reached.</summary>
    public required IReadOnlyList<CallLeg> Legs { get; init; }

    /// <summary>BXML documents with what ran of them.</summary>
    public required IReadOnlyList<BxmlRun> Documents { get; init; }

    /// <summary>Webhooks with what was answered.</summary>
    public required IReadOnlyList<WebhookExchange> Exchanges { get; init; }

    /// <summary>SIP messages of all legs, with secrets masked.</summary>
    public required IReadOnlyList<TracedMessage> Trace { get; init; }

    /// <summary>What was sent and received, of an ended call in all; null when no media was agreed on.</summary>
    public required MediaStatistics? Media { get; init; }

    /// <summary>Share of the party's packets that did not come, 0 to 100; null when none was expected.</summary>
    public double? LossPercent =>
        Media is { PacketsReceived: var received, PacketsLost: var lost } && received + lost > 0 ? 100.0 * lost / (received + lost) : null;
}
