namespace Sipstead.Provisioning.Locations;

/// <summary>A site as the API shows it (contract 8).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">A text, or null.</param>
/// <param name="OtherElements">Other elements that were submitted, as XML, or null.</param>
public sealed record SiteDetails(long Id, string Name, string? Description, string? OtherElements);
