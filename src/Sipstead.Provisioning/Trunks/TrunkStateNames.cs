namespace Sipstead.Provisioning.Trunks;

/// <summary>The states of trunks as the API and the metrics tell them.</summary>
public static class TrunkStateNames
{
    /// <summary><c>up</c>, <c>down</c> or <c>unknown</c>.</summary>
    public static string Of(TrunkState state) => state switch
    {
        TrunkState.Up => "up",
        TrunkState.Down => "down",
        _ => "unknown",
    };
}
