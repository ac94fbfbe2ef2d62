using System.Net;

namespace Sipstead.RegisterLoad;

/// <summary>What is to be sent where, and whose CPU time counts.</summary>
internal sealed record LoadOptions(IPEndPoint Server, string Domain, int Devices)
{
    public Transport Transport { get; init; }

    /// <summary>UDP sockets or stream connections.</summary>
    public int Lines { get; init; } = 16;

    /// <summary>Local port of the first UDP socket. The same in each run, or devices would have ever more contacts.</summary>
    public int LocalPort { get; init; } = 30000;

    /// <summary>Registrations under way in the closed loop.</summary>
    public int Window { get; init; } = 256;

    public int Expires { get; init; } = 300;

    /// <summary>Seconds after which a registration without an answer has failed: Timer F of RFC 3261.</summary>
    public double GiveUp { get; init; } = 32;

    /// <summary>Processes of the server.</summary>
    public IReadOnlyList<int> Processes { get; init; } = [];

    /// <summary>How the names of the threads begin that are counted apart.</summary>
    public string? Threads { get; init; }
}
