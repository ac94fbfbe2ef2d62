namespace Sipstead.Provisioning.Audit;

/// <summary>What was done. The numbers are stored.</summary>
public enum AuditAction
{
    /// <summary>It was made.</summary>
    Create = 0,

    /// <summary>Some of its fields were changed.</summary>
    Update = 1,

    /// <summary>It was removed.</summary>
    Delete = 2,

    /// <summary>A user signed in to the dashboard.</summary>
    SignIn = 3,

    /// <summary>It was read with its secrets.</summary>
    Export = 4,
}
