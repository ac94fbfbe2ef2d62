using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// Bindings as journals of versions 1 to 3 hold them: a header of fixed length, in 1 and 2 with its fields in another order and in records that are always a
/// whole state. In version 1 the header ends before PathLength, and there is no Path among the texts; what came later is 0 for such a binding, which is what
/// it means.
/// </summary>
internal static class EarlierFormats
{
    /// <summary>Octets of a binding's header in version 1.</summary>
    private const int HeaderLengthOfVersion1 = 104;

    /// <summary>Heads a record of versions 1 and 2.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct RecordHeader
    {
        public long CredentialId;
        public long RealmId;
        public long Version;
        public int HashRevision;
        public int Length;
    }

    /// <summary>Heads a binding of versions 1 and 2.</summary>
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

    /// <summary>Heads a binding of version 3.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct HeaderOfVersion3
    {
        public int Length;
        public uint CSeq;
        public long ExpiresAt;
        public long RefreshedAt;
        public long ConnectionId;
        public UInt128 SourceBits;
        public uint SourceScope;
        public ushort SourcePort;
        public ushort LocalPort;
        public UInt128 LocalBits;
        public uint LocalScope;
        public short Q;
        public SipTransport Transport;
        public BindingFlags Flags;
        public long Id;
        public long RegisteredAt;
        public ushort UriLength;
        public ushort ParametersLength;
        public ushort PathLength;
        public ushort CallIdLength;
        public ushort UserAgentLength;
        public uint RegId;
        public long GruuEpoch;
    }

    /// <summary>Reads the record of version 1 or 2 at the start of <paramref name="records"/> and moves on. False at the end, and for octets that are no record.</summary>
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
            HashRevision = header.HashRevision, Layout = JournalFormat.Version, Octets = set.Written,
        };
        records = records[(headerLength + header.Length)..];
        return true;
    }

    /// <summary>Gives bindings today's layout. False for octets that are no whole bindings.</summary>
    public static bool TryUpgrade(byte version, ReadOnlySpan<byte> octets, BindingSetWriter set)
    {
        set.Clear();
        var headerLength = version switch { 1 => HeaderLengthOfVersion1, 2 => Unsafe.SizeOf<EarlierHeader>(), _ => Unsafe.SizeOf<HeaderOfVersion3>() };
        Span<byte> padded = stackalloc byte[Unsafe.SizeOf<EarlierHeader>()]; // which is as long in 2 and 3
        padded.Clear();
        while (!octets.IsEmpty)
        {
            if (octets.Length < headerLength) return false;
            octets[..headerLength].CopyTo(padded);
            var length = MemoryMarshal.Read<int>(padded);
            var header = version == 3 ? Upgrade(MemoryMarshal.Read<HeaderOfVersion3>(padded)) : Upgrade(MemoryMarshal.Read<EarlierHeader>(padded));
            if (length != headerLength + header.TextsLength || length > octets.Length) return false;
            Add(set, header, octets[headerLength..length]);
            octets = octets[length..];
        }

        return true;
    }

    private static BindingHeader Upgrade(in EarlierHeader earlier) => new()
    {
        CSeq = earlier.CSeq, ExpiresAt = earlier.ExpiresAt, RefreshedAt = earlier.RefreshedAt,
        Flow = new SipFlow(
            earlier.Transport, new TransportAddress(earlier.SourceBits, earlier.SourcePort, earlier.SourceScope),
            new TransportAddress(earlier.LocalBits, earlier.LocalPort, earlier.LocalScope), earlier.ConnectionId),
        Q = earlier.Q, Flags = earlier.Flags, Id = earlier.Id, RegisteredAt = earlier.RegisteredAt, UriLength = earlier.UriLength,
        ParametersLength = earlier.ParametersLength, PathLength = earlier.PathLength, CallIdLength = earlier.CallIdLength,
        UserAgentLength = earlier.UserAgentLength, RegId = earlier.RegId, GruuEpoch = earlier.GruuEpoch,
    };

    private static BindingHeader Upgrade(in HeaderOfVersion3 earlier) => new()
    {
        CSeq = earlier.CSeq, ExpiresAt = earlier.ExpiresAt, RefreshedAt = earlier.RefreshedAt,
        Flow = new SipFlow(
            earlier.Transport, new TransportAddress(earlier.SourceBits, earlier.SourcePort, earlier.SourceScope),
            new TransportAddress(earlier.LocalBits, earlier.LocalPort, earlier.LocalScope), earlier.ConnectionId),
        Q = earlier.Q, Flags = earlier.Flags, Id = earlier.Id, RegisteredAt = earlier.RegisteredAt, UriLength = earlier.UriLength,
        ParametersLength = earlier.ParametersLength, PathLength = earlier.PathLength, CallIdLength = earlier.CallIdLength,
        UserAgentLength = earlier.UserAgentLength, RegId = earlier.RegId, GruuEpoch = earlier.GruuEpoch,
    };

    private static void Add(BindingSetWriter set, in BindingHeader header, ReadOnlySpan<byte> texts) => set.Add(header, new BindingTexts
    {
        Uri = Next(ref texts, header.UriLength), Parameters = Next(ref texts, header.ParametersLength), Path = Next(ref texts, header.PathLength),
        CallId = Next(ref texts, header.CallIdLength), UserAgent = Next(ref texts, header.UserAgentLength),
    });

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> texts, int length)
    {
        var next = texts[..length];
        texts = texts[length..];
        return next;
    }
}
