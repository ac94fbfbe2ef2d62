using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Provisioning;

/// <summary>The outcome of a rule: a value, or the error that says why there is none.</summary>
/// <typeparam name="T">The value of a success.</typeparam>
public readonly struct ProvisioningResult<T>
    where T : class
{
    private ProvisioningResult(T? value, ProvisioningError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value; null on failure.</summary>
    public T? Value { get; }

    /// <summary>The error; null on success.</summary>
    public ProvisioningError? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

#pragma warning disable CA2225, CA1000 // a result is made by returning the value or the error
    /// <summary>A success.</summary>
    public static implicit operator ProvisioningResult<T>(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static implicit operator ProvisioningResult<T>(ProvisioningError error) => new(null, error);
#pragma warning restore CA2225, CA1000
}
