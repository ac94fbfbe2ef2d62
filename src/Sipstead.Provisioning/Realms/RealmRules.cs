namespace Sipstead.Provisioning.Realms;

/// <summary>What the parts of a realm may be (contract 4.3).</summary>
internal static class RealmRules
{
    public const int MaximumNameLength = 30;
    public const int MinimumFragmentLength = 3;
    private const int MaximumDescriptionLength = 255;

    public static ProvisioningError? CheckName(string name)
    {
        if (name.Length > MaximumNameLength)
        {
            return ProvisioningError.Invalid(
                ErrorCodes.RealmNameTooLong, $"Realm '{name}' is too long ({MaximumNameLength} characters max)");
        }

        return name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            ? null
            : ProvisioningError.Invalid(
                ErrorCodes.RealmNameCharacters, $"Realm '{name}' is not valid. Use lower-case letters and digits only.");
    }

    /// <summary>A realm must offer something, or nobody could sign in.</summary>
    public static ProvisioningError? CheckAlgorithms(DigestAlgorithms algorithms) => algorithms == DigestAlgorithms.None
        ? ProvisioningError.Invalid(ErrorCodes.NotValid, "A realm offers at least one of the algorithms SHA-512-256, SHA-256 and MD5")
        : null;

    public static ProvisioningError? CheckDescription(string? description) =>
        description is { Length: > MaximumDescriptionLength }
            ? ProvisioningError.Invalid(ErrorCodes.TooLong, $"Description is too long ({MaximumDescriptionLength} characters max)")
            : null;
}
