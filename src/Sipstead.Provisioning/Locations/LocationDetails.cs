namespace Sipstead.Provisioning.Locations;

/// <summary>A location as the API shows it (contract 8).</summary>
/// <param name="Id">Its id.</param>
/// <param name="SiteId">The site it belongs to.</param>
/// <param name="SiteName">The site's name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">A text, or null.</param>
/// <param name="IsDefault">Whether it is the default of its site.</param>
/// <param name="OtherElements">Other elements that were submitted, as XML, or null.</param>
/// <param name="ApplicationId">The voice application that takes the calls of its numbers, or null.</param>
public sealed record LocationDetails(
    long Id, long SiteId, string SiteName, string Name, string? Description, bool IsDefault, string? OtherElements, Guid? ApplicationId);
