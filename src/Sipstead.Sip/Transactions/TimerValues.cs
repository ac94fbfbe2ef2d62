namespace Sipstead.Sip.Transactions;

/// <summary>The base times of RFC 3261 17 (table 4), in milliseconds. All timers of transactions are one of these or T1 doubled some times.</summary>
public static class TimerValues
{
    /// <summary>Estimate of the round trip.</summary>
    public const int T1 = 500;

    /// <summary>Longest interval between repeats of non-INVITE requests and of responses to INVITE.</summary>
    public const int T2 = 4000;

    /// <summary>How long a message may stay in the network.</summary>
    public const int T4 = 5000;

    /// <summary>64*T1: timers B, D, F, H, J, L and M.</summary>
    public const int Timeout = 64 * T1;
}
