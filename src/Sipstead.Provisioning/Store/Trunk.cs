using Sipstead.Provisioning.Trunks;

namespace Sipstead.Provisioning.Store;

/// <summary>A row of the trunk table (ruling 27). Lists are stored as their texts with a space between.</summary>
internal sealed class Trunk
{
    public long Id { get; set; }

    public long AccountId { get; set; }

    public required string Name { get; set; }

    public bool IsEnabled { get; set; }

    public int Priority { get; set; }

    public required string Host { get; set; }

    public int? Port { get; set; }

    public TrunkTransport? Transport { get; set; }

    public string? UserName { get; set; }

    /// <summary>Sealed (<see cref="SecretSeal"/>).</summary>
    public string? Password { get; set; }

    public required string Sources { get; set; }

    public required string Outbound { get; set; }

    public required string CallerIds { get; set; }

    public List<TrunkRoute> Routes { get; } = [];
}

/// <summary>Where the calls to some numbers go that come in by a trunk.</summary>
internal sealed class TrunkRoute
{
    public long TrunkId { get; set; }

    /// <summary>Its place in the list.</summary>
    public int Ordinal { get; set; }

    public required string Pattern { get; set; }

    public Guid? ApplicationId { get; set; }

    public long? LocationId { get; set; }
}
