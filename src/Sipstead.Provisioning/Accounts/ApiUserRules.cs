namespace Sipstead.Provisioning.Accounts;

/// <summary>What the name and password of an API user may be.</summary>
internal static class ApiUserRules
{
    public const int MaximumNameLength = 64;
    public const int MaximumPasswordLength = 128;
    private const int MinimumPasswordLength = 8;

    public static ProvisioningError? CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name)) return Invalid("the user name is empty");
        if (name.Length > MaximumNameLength) return Invalid($"the user name is longer than {MaximumNameLength} characters");
        if (name.Any(c => c == ':' || char.IsControl(c) || char.IsSurrogate(c)))
            return Invalid("the user name has a colon or a control character, which HTTP Basic authentication cannot carry");
        return name != name.Trim() ? Invalid("the user name begins or ends with a space") : null;
    }

    public static ProvisioningError? CheckPassword(string? password)
    {
        if (password is null || password.Length < MinimumPasswordLength)
            return Invalid($"the password is shorter than {MinimumPasswordLength} characters");
        if (password.Length > MaximumPasswordLength) return Invalid($"the password is longer than {MaximumPasswordLength} characters");
        return password.Any(char.IsControl) ? Invalid("the password has a control character") : null;
    }

    private static ProvisioningError Invalid(string description) => ProvisioningError.Invalid(null, description);
}
