namespace Sipstead.Provisioning.Store;

/// <summary>A row of the site table: what holds locations together.</summary>
internal sealed class Site
{
    public long Id { get; set; }

    public long AccountId { get; set; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>The other elements that were submitted, such as the address, as XML; or null. They are shown again and mean nothing here.</summary>
    public string? OtherElements { get; set; }
}
