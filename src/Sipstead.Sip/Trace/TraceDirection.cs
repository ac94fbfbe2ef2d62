namespace Sipstead.Sip.Trace;

/// <summary>Which way a traced message went.</summary>
public enum TraceDirection : byte
{
    /// <summary>To us.</summary>
    Received,

    /// <summary>From us.</summary>
    Sent,
}
