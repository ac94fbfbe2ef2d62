using Sipstead.Dashboard.Doctor;

namespace Sipstead.Dashboard;

/// <summary>What the dashboard is told by the server.</summary>
public sealed record DashboardOptions
{
    /// <summary>The data folder: holds the keys that sign cookies, and the sessions that were ended.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>How devices and clients reach the server.</summary>
    public required ConnectionSettings Connection { get; init; }

    /// <summary>Most pages open at once; the next one is refused until one closes.</summary>
    public int MaxCircuits { get; init; } = 500;
}
