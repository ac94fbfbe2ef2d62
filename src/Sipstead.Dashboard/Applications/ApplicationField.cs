using Sipstead.Provisioning;

namespace Sipstead.Dashboard.Applications;

/// <summary>The fields of an application's form that a rule can speak of.</summary>
internal enum ApplicationField
{
    /// <summary>None of them: the words stand above the form.</summary>
    None,
    Name,
    CallInitiatedUrl,
    FallbackUrl,
    CallStatusUrl,
    UserId,
    Password,
    FallbackUserId,
    FallbackPassword,
    Timeout,
}

/// <summary>Finds the field that a refusal is about, so that its words stand there.</summary>
internal static class ApplicationFields
{
    private static readonly (string Element, ApplicationField Field)[] Elements =
    [
        ("CallInitiatedCallbackUrl", ApplicationField.CallInitiatedUrl),
        ("CallInitiatedFallbackUrl", ApplicationField.FallbackUrl),
        ("CallInitiatedFallbackCreds", ApplicationField.FallbackUserId),
        ("CallStatusCallbackUrl", ApplicationField.CallStatusUrl),
        ("CallbackCreds", ApplicationField.UserId),
        ("CallbackTimeout", ApplicationField.Timeout),
        ("AppName", ApplicationField.Name),
    ];

    /// <summary>Every rule of a field names the field's element; those of an absent password name its user's.</summary>
    public static ApplicationField Of(ProvisioningError error)
    {
        if (error.Code == ErrorCodes.ApplicationNameRequired) return ApplicationField.Name;
        var field = Array.Find(Elements, pair => error.Description.Contains(pair.Element, StringComparison.Ordinal)).Field;
        var isPassword = error.Code is ErrorCodes.UserIdWithoutPassword or ErrorCodes.UserIdChangedWithoutPassword
            || error.Description.Contains("Creds Password", StringComparison.Ordinal);
        return field switch
        {
            ApplicationField.UserId when isPassword => ApplicationField.Password,
            ApplicationField.FallbackUserId when isPassword => ApplicationField.FallbackPassword,
            _ => field,
        };
    }
}
