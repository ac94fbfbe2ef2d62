namespace Sipstead.Provisioning;

/// <summary>Which kind of failure a <see cref="ProvisioningError"/> is.</summary>
public enum ProvisioningErrorKind
{
    /// <summary>The input breaks a rule (HTTP 400).</summary>
    Invalid,

    /// <summary>What the input names does not exist (HTTP 404).</summary>
    NotFound,

    /// <summary>The state forbids it (HTTP 409).</summary>
    Conflict,
}

/// <summary>Why a request was not carried out.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Code">The code of the contract; null where the contract has none.</param>
/// <param name="Description">What is wrong, for a person. Never holds a hash or a password.</param>
public sealed record ProvisioningError(ProvisioningErrorKind Kind, int? Code, string Description)
{
    internal static ProvisioningError Invalid(int? code, string description) => new(ProvisioningErrorKind.Invalid, code, description);

    internal static ProvisioningError NotFound(int? code, string description) => new(ProvisioningErrorKind.NotFound, code, description);

    internal static ProvisioningError Conflict(int? code, string description) => new(ProvisioningErrorKind.Conflict, code, description);
}
