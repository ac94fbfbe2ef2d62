using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Location;

/// <summary>The fixed part of a packed record; nonce slots and bindings follow. What walks records reads the first 8 octets, also of free space.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AorHeader
{
    /// <summary>Octets that the record takes, a multiple of <see cref="RecordArena.Unit"/>.</summary>
    public int Size;

    /// <summary>Octets of the packed bindings; -1 for free space.</summary>
    public int BindingsLength;

    /// <summary>Whose record it is.</summary>
    public long CredentialId;

    public long RealmId;

    /// <summary>Rises with each change; orders the records of the journal.</summary>
    public long Version;

    /// <summary>The batch that the last change belongs to, as <see cref="LocationService.IsOpen"/> reads it; 0 for none.</summary>
    public long Ticket;

    /// <summary>When the sweep looks at it next, <see cref="ServerClock.NowMs"/>; <see cref="long.MaxValue"/> while no look is planned.</summary>
    public long LookAt;

    /// <summary>Highest nonce sequence that was forgotten; at or below it every nonce not remembered is stale.</summary>
    public long EvictedNonce;

    /// <summary>
    /// Hash of the text of the REGISTER that made the only binding (<see cref="Sip.Parsing.RegisterText.Hash"/>), where one of the same text does no more than
    /// refresh it; 0 for none.
    /// </summary>
    public ulong Text;

    /// <summary>Revision of the hashes that the bindings were made with; another revision ends them (ruling 12).</summary>
    public int HashRevision;

    /// <summary>Neighbours among the records that are looked at in the same second (<see cref="LookWheel"/>); 0 for none.</summary>
    public int Next;
    public int Previous;

    public ushort NonceCount;

    /// <summary>True when the bindings are not what the journal makes of this version: the next change is written whole.</summary>
    public bool IsApart;

    /// <summary>Version of the journal format that has this layout of bindings (<see cref="Journal.JournalRecord.Layout"/>). Only while a journal is read.</summary>
    public byte Layout;

    public static int Length => System.Runtime.CompilerServices.Unsafe.SizeOf<AorHeader>();
}
