namespace Sipstead.Dashboard.Doctor;

/// <summary>How much a finding hinders.</summary>
internal enum FindingSeverity
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Right for some, to be known.</summary>
    Note,

    /// <summary>Some devices may fail.</summary>
    Warning,

    /// <summary>Devices fail.</summary>
    Error,
}

/// <summary>One thing that the doctor found.</summary>
/// <param name="What">What is so.</param>
/// <param name="Fix">What to do about it; null when nothing is to be done.</param>
internal sealed record Finding(FindingSeverity Severity, string What, string? Fix);
