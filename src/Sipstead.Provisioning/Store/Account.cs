namespace Sipstead.Provisioning.Store;

/// <summary>A customer account: the owner of realms.</summary>
internal sealed class Account
{
    public long Id { get; set; }

    /// <summary>Six hexadecimal digits, the same in the names of all realms of the account (contract 4.2).</summary>
    public required string Hex { get; set; }

    /// <summary>The account's own SIP port; null for the first account, which uses the server's (ruling 15).</summary>
    public int? SipPort { get; set; }

    /// <summary>Whether the account may have realms; else 33004.</summary>
    public bool SipEnabled { get; set; }
}
