using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// Records as journals of versions 1 and 2 hold them: always a whole state, and fields of a binding in another order. In version 1 the header ends before
/// PathLength, and there is no Path among the texts; what came later is 0 for such a binding, which is what it means.
/// </summary>
internal static class EarlierFormats
{
    /// <summary>Octets of a binding's header in version 1.</summary>
    private const int HeaderLengthOfVersion1 = 104;

    /// <summary>Heads a record.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct RecordHeader
    {
        public long CredentialId;
        public long RealmId;
        public long Version;
        public int HashRevision;
        public int Length;
    }

    /// <summary>Heads a binding.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct EarlierHeader
    {
        public int Length;
        public long Id;
        public long ExpiresAt;
        public long RegisteredAt;
        public long RefreshedAt;
        public long ConnectionId;
        public UInt128 SourceBits;
        public UInt128 LocalBits;
        public uint SourceScope;
        public uint LocalScope;
        public ushort SourcePort;
        public ushort LocalPort;
        public uint CSeq;
        public short Q;
        public SipTransport Transport;
        public BindingFlags Flags;
        public ushort UriLength;
        public ushort ParametersLength;
        public ushort CallIdLength;
        public ushort UserAgentLength;
        public ushort PathLength;
        public uint RegId;
        public long GruuEpoch;
    }

    /// <summary>Reads the record at the start of <paramref name="records"/> and moves on. False at the end, and for octets that are no record.</summary>
    /// <param name="set">Takes the bindings in today's layout.</param>
    public static bool TryRead(byte version, ref ReadOnlySpan<byte> records, BindingSetWriter set, out JournalRecord record)
    {
        record = default;
        var headerLength = Unsafe.SizeOf<RecordHeader>();
        if (records.Length < headerLength) return false;
        var header = MemoryMarshal.Read<RecordHeader>(records);
        if (header.Length < 0 || header.Length > records.Length - headerLength) return false;
        if (!TryUpgrade(version, records.Slice(headerLength, header.Length), set)) return false;
        record = new JournalRecord
        {
            CredentialId = header.CredentialId, Version = header.Version, Kind = RecordKind.Whole, RealmId = header.RealmId,
            HashRevision = header.HashRevision, Octets = set.Written,
        };
        records = records[(headerLength + header.Length)..];
        return true;
    }

    /// <summary>Gives bindings today's layout. False for octets that are no whole bindings.</summary>
    public static bool TryUpgrade(byte version, ReadOnlySpan<byte> octets, BindingSetWriter set)
    {
        set.Clear();
        var headerLength = version == 1 ? HeaderLengthOfVersion1 : Unsafe.SizeOf<EarlierHeader>();
        Span<byte> padded = stackalloc byte[Unsafe.SizeOf<EarlierHeader>()];
        padded.Clear();
        while (!octets.IsEmpty)
        {
            if (octets.Length < headerLength) return false;
            octets[..headerLength].CopyTo(padded);
            var header = MemoryMarshal.Read<EarlierHeader>(padded);
            var texts = header.UriLength + header.ParametersLength + header.PathLength + header.CallIdLength + header.UserAgentLength;
            if (header.Length != headerLength + texts || header.Length > octets.Length) return false;
            Add(set, header, octets[headerLength..header.Length]);
            octets = octets[header.Length..];
        }

        return true;
    }

    private static void Add(BindingSetWriter set, in EarlierHeader earlier, ReadOnlySpan<byte> texts)
    {
        var header = new BindingHeader
        {
            Id = earlier.Id, ExpiresAt = earlier.ExpiresAt, RegisteredAt = earlier.RegisteredAt, RefreshedAt = earlier.RefreshedAt,
            ConnectionId = earlier.ConnectionId, SourceBits = earlier.SourceBits, LocalBits = earlier.LocalBits, SourceScope = earlier.SourceScope,
            LocalScope = earlier.LocalScope, SourcePort = earlier.SourcePort, LocalPort = earlier.LocalPort, CSeq = earlier.CSeq, Q = earlier.Q,
            Transport = earlier.Transport, Flags = earlier.Flags, RegId = earlier.RegId, GruuEpoch = earlier.GruuEpoch,
        };
        set.Add(header, new BindingTexts
        {
            Uri = Next(ref texts, earlier.UriLength), Parameters = Next(ref texts, earlier.ParametersLength), Path = Next(ref texts, earlier.PathLength),
            CallId = Next(ref texts, earlier.CallIdLength), UserAgent = Next(ref texts, earlier.UserAgentLength),
        });
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> texts, int length)
    {
        var next = texts[..length];
        texts = texts[length..];
        return next;
    }
}
