using System.Runtime.CompilerServices;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.History;

/// <summary>An entry of an <see cref="AttemptStore"/>; its texts, one behind the other, are in cells.</summary>
internal struct AttemptPlace : ISlabPlace
{
    public long Number;
    public long AtTicks;
    public long RealmId;
    public long CredentialId;
    public TransportAddress Source;
    public SipTransport Transport;
    public RegistrationOutcome Outcome;
    public ushort UserNameLength;
    public ushort UserAgentLength;
    public ushort ContactLength;
    public AttemptLinks Links;

    /// <summary>The first cell of its texts.</summary>
    public int Next { get; set; }

    public readonly int TextLength => UserNameLength + UserAgentLength + ContactLength;

    public readonly AttemptOwner Owner => AttemptOwner.Of(RealmId, CredentialId);
}

/// <summary>Whose share an entry takes: a credential's, or a realm's for unknown users. The other id is 0.</summary>
internal readonly record struct AttemptOwner(long RealmId, long CredentialId)
{
    public static AttemptOwner Of(long realmId, long credentialId) => credentialId == 0 ? new AttemptOwner(realmId, 0) : new AttemptOwner(0, credentialId);
}

/// <summary>Its neighbours in each of the chains that it is in.</summary>
[InlineArray(Chains)]
internal struct AttemptLinks
{
    /// <summary>All entries; those of the realm; those of the owner.</summary>
    public const int Chains = 3;
    public const int All = 0;
    public const int Realm = 1;
    public const int Owner = 2;

    private AttemptLink _first;
}

internal struct AttemptLink
{
    public int Previous;
    public int Next;
}

/// <summary>Entries from the oldest to the newest.</summary>
internal struct AttemptChain
{
    public int First;
    public int Last;
    public int Count;
}

/// <summary>A part of an entry's texts.</summary>
internal struct TextCell : ISlabPlace
{
    public TextCellOctets Octets;

    public int Next { get; set; }
}

[InlineArray(Length)]
internal struct TextCellOctets
{
    public const int Length = 28;

    private byte _first;
}
