namespace Sipstead.Sip.Digest;

/// <summary>What the challenges of one far end are met with. Has no text form that tells the password.</summary>
public sealed class DigestLogin(string userName, string password)
{
    /// <summary>The name that the far end knows us by.</summary>
    public string UserName { get; } = userName;

    internal string Password { get; } = password;

    /// <inheritdoc/>
    public override string ToString() => UserName;
}
