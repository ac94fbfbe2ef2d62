namespace Sipstead.Sip.Transport;

/// <summary>The way to a far end, or why there is none.</summary>
/// <param name="Problem">In words; empty when there is a way.</param>
public readonly record struct SipWay(SipFlow? Flow, string Problem)
{
    internal static SipWay Of(in SipFlow flow) => new(flow, "");

    internal static SipWay None(string problem) => new(null, problem);
}
