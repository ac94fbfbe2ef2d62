using System.Text;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.View;

/// <summary>An ACTIVE realm as the SIP and DNS side sees it. Immutable.</summary>
public sealed class RealmEntry
{
    private readonly byte[] _name;

    /// <summary>Describes a realm.</summary>
    /// <param name="id">The realm's id.</param>
    /// <param name="accountId">The account that owns it.</param>
    /// <param name="fqdn">Its fully qualified name; kept in lower case.</param>
    /// <param name="sipPort">The SIP port of the account (ruling 15).</param>
    public RealmEntry(long id, long accountId, string fqdn, int sipPort)
    {
        ArgumentNullException.ThrowIfNull(fqdn);
        Id = id;
        AccountId = accountId;
        Fqdn = fqdn.ToLowerInvariant();
        _name = Encoding.UTF8.GetBytes(Fqdn);
        SipPort = sipPort;
    }

    /// <summary>The realm's id.</summary>
    public long Id { get; }

    /// <summary>The account that owns it.</summary>
    public long AccountId { get; }

    /// <summary>The fully qualified name in lower case; also the digest realm.</summary>
    public string Fqdn { get; }

    /// <summary><see cref="Fqdn"/> in UTF-8.</summary>
    public ReadOnlyMemory<byte> FqdnUtf8 => _name;

    /// <summary>The SIP port that DNS announces for the realm's account.</summary>
    public int SipPort { get; }

    /// <summary>The digest algorithms that the realm offers.</summary>
    public DigestAlgorithms DigestAlgorithms { get; init; } = DigestAlgorithms.Md5;

    /// <summary>What the realm asks of the media of calls to its devices.</summary>
    public MediaEncryption MediaEncryption { get; init; }

    /// <summary>Whether a name in lower case is the realm's.</summary>
    internal bool IsNamed(ReadOnlySpan<byte> lowerCaseName) => lowerCaseName.SequenceEqual(_name);
}
