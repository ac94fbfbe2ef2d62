namespace Sipstead.Provisioning.Store;

/// <summary>A row of the table of locations (<c>SipPeer</c> in XML): it ties telephone numbers to an application.</summary>
internal sealed class Location
{
    public long Id { get; set; }

    public long SiteId { get; set; }

    public Site? Site { get; set; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>Whether it is the default of its site.</summary>
    public bool IsDefault { get; set; }

    /// <inheritdoc cref="Site.OtherElements"/>
    public string? OtherElements { get; set; }

    /// <summary>The voice application that takes the calls of its numbers, or null.</summary>
    public Guid? ApplicationId { get; set; }
}
