namespace Sipstead.Provisioning.Locations;

/// <summary>A telephone number of an account.</summary>
/// <param name="Number">In E.164 form.</param>
/// <param name="SiteId">The site of its location.</param>
/// <param name="LocationId">Its location.</param>
public sealed record PhoneNumberDetails(string Number, long SiteId, long LocationId);
