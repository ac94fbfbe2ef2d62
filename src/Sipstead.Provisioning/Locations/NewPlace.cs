namespace Sipstead.Provisioning.Locations;

/// <summary>The wish for a site or location, or what shall become of one, as submitted (contract 8).</summary>
/// <param name="Name">Its name: required at first, kept when it is missing later.</param>
/// <param name="Description">A text, or null.</param>
/// <param name="OtherElements">Other elements, as XML, to be shown again; or null.</param>
/// <param name="IsDefault">Of a location: whether it is the default of its site; null leaves it to the server.</param>
public sealed record NewPlace(string? Name, string? Description, string? OtherElements, bool? IsDefault = null);
