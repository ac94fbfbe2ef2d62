namespace Sipstead.Provisioning.Locations;

/// <summary>What the parts of sites and locations may be.</summary>
internal static class PlaceRules
{
    public const int MaximumNameLength = 128;
    public const int MaximumDescriptionLength = 255;
    public const int MaximumOtherLength = 16_384;

    /// <param name="nameElement">The element of the name.</param>
    /// <param name="wish">What was submitted.</param>
    /// <param name="current">The name that there is, or null.</param>
    public static ProvisioningError? Check(string nameElement, NewPlace wish, string? current)
    {
        if (string.IsNullOrEmpty(wish.Name ?? current)) return ProvisioningError.Invalid(ErrorCodes.Required, $"{nameElement} is required");
        return TooLong(nameElement, wish.Name, MaximumNameLength)
            ?? TooLong("Description", wish.Description, MaximumDescriptionLength)
            ?? TooLong("The rest of the request", wish.OtherElements, MaximumOtherLength);
    }

    private static ProvisioningError? TooLong(string element, string? text, int maximum) => text?.Length > maximum
        ? ProvisioningError.Invalid(ErrorCodes.TooLong, $"{element} is too long ({maximum} characters max)")
        : null;
}
