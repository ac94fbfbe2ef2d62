using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.Location;

/// <summary>
/// How a binding's header is packed in front of its texts: a fixed part, and behind it what most devices do not have only where there is some, so that the
/// header of a phone on UDP and IPv4 has 51 octets. It is written to the journal as it is: a change of this layout needs a new
/// <see cref="Journal.JournalFormat.Version"/>.
/// </summary>
internal static class BindingLayout
{
    /// <summary>Octets of the longest header.</summary>
    public static int MaxHeader => SizeOf((Parts)byte.MaxValue);

    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Connection = 1,

        /// <summary>An address that is not IPv4.</summary>
        WideSource = 2,
        WideLocal = 4,

        Q = 8,
        RegId = 16,
        GruuEpoch = 32,

        /// <summary>Lengths of two octets each, that of Path among them, instead of one.</summary>
        LongTexts = 64,
    }

    /// <summary>What every binding has. What a refresh changes lies together: the journal gets no more than that.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Fixed
    {
        /// <summary>Octets of the whole binding.</summary>
        public int Length;

        public Parts Parts;
        public SipTransport Transport;
        public Int48 Id;
        public Int48 RegisteredAt;
        public BindingFlags Flags;
        public uint CSeq;
        public Int48 ExpiresAt;
        public Int48 RefreshedAt;
        public ushort SourcePort;
        public ushort LocalPort;
    }

    /// <summary>Milliseconds since 1970 for 4,000 years, and numbers given out one by one.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Int48(long value)
    {
        private readonly uint _low = (uint)value;
        private readonly short _high = (short)(value >> 32);

        public long Value => ((long)_high << 32) | _low;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct WideAddress
    {
        public UInt128 Bits;
        public uint ScopeId;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct ShortLengths
    {
        public byte Uri;
        public byte Parameters;
        public byte CallId;
        public byte UserAgent;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct LongLengths
    {
        public ushort Uri;
        public ushort Parameters;
        public ushort Path;
        public ushort CallId;
        public ushort UserAgent;
    }

    /// <summary>Octets of the whole binding that starts here.</summary>
    public static int LengthOf(ReadOnlySpan<byte> binding) => MemoryMarshal.Read<int>(binding);

    /// <summary>End of a binding's life, without the rest of its header being read.</summary>
    public static long ExpiresAtOf(ReadOnlySpan<byte> binding) => MemoryMarshal.AsRef<Fixed>(binding).ExpiresAt.Value;

    /// <summary>Octets that a header takes.</summary>
    public static int SizeOf(in BindingHeader header) => SizeOf(PartsOf(header));

    /// <summary>True when a whole binding starts here, as it must before anything else reads it.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < Unsafe.SizeOf<Fixed>()) return false;
        var parts = MemoryMarshal.Read<Fixed>(octets).Parts;
        var size = SizeOf(parts);
        if (octets.Length < size) return false;
        var rest = octets[LengthsAt(parts)..];
        var header = default(BindingHeader);
        TakeLengths(ref rest, (parts & Parts.LongTexts) != 0, ref header);
        return LengthOf(octets) == size + header.TextsLength && LengthOf(octets) <= octets.Length;
    }

    /// <summary>Writes a header, which has <see cref="SizeOf(in BindingHeader)"/> octets.</summary>
    public static void Write(Span<byte> destination, in BindingHeader header)
    {
        var (parts, flow) = (PartsOf(header), header.Flow);
        Put(ref destination, new Fixed
        {
            Length = SizeOf(parts) + header.TextsLength, Parts = parts, Transport = flow.Transport, Id = new Int48(header.Id),
            RegisteredAt = new Int48(header.RegisteredAt), Flags = header.Flags, CSeq = header.CSeq, ExpiresAt = new Int48(header.ExpiresAt),
            RefreshedAt = new Int48(header.RefreshedAt), SourcePort = flow.Source.Port, LocalPort = flow.Local.Port,
        });
        Put(ref destination, flow.Source);
        Put(ref destination, flow.Local);
        if ((parts & Parts.LongTexts) != 0)
        {
            Put(ref destination, new LongLengths
            {
                Uri = header.UriLength, Parameters = header.ParametersLength, Path = header.PathLength, CallId = header.CallIdLength,
                UserAgent = header.UserAgentLength,
            });
        }
        else
        {
            Put(ref destination, new ShortLengths
            {
                Uri = (byte)header.UriLength, Parameters = (byte)header.ParametersLength, CallId = (byte)header.CallIdLength,
                UserAgent = (byte)header.UserAgentLength,
            });
        }

        if ((parts & Parts.Connection) != 0) Put(ref destination, flow.ConnectionId);
        if ((parts & Parts.Q) != 0) Put(ref destination, header.Q);
        if ((parts & Parts.RegId) != 0) Put(ref destination, header.RegId);
        if ((parts & Parts.GruuEpoch) != 0) Put(ref destination, header.GruuEpoch);
    }

    /// <summary>Reads the header of a whole binding. Returns its octets.</summary>
    public static int Read(ReadOnlySpan<byte> binding, out BindingHeader header)
    {
        var rest = binding;
        var read = Take<Fixed>(ref rest);
        var parts = read.Parts;
        header = default;
        var source = TakeAddress(ref rest, read.SourcePort, (parts & Parts.WideSource) != 0);
        var local = TakeAddress(ref rest, read.LocalPort, (parts & Parts.WideLocal) != 0);
        (header.CSeq, header.Flags, header.Id, header.RegisteredAt) = (read.CSeq, read.Flags, read.Id.Value, read.RegisteredAt.Value);
        (header.ExpiresAt, header.RefreshedAt) = (read.ExpiresAt.Value, read.RefreshedAt.Value);
        TakeLengths(ref rest, (parts & Parts.LongTexts) != 0, ref header);
        header.Flow = new SipFlow(read.Transport, source, local, (parts & Parts.Connection) != 0 ? Take<long>(ref rest) : 0);
        header.Q = (parts & Parts.Q) != 0 ? Take<short>(ref rest) : (short)-1;
        header.RegId = (parts & Parts.RegId) != 0 ? Take<uint>(ref rest) : 0;
        header.GruuEpoch = (parts & Parts.GruuEpoch) != 0 ? Take<long>(ref rest) : 0;
        return binding.Length - rest.Length;
    }

    /// <summary>Moves the times of a binding in its place, and forgets its connection, which ended with the run that wrote it.</summary>
    public static void MoveToThisRun(Span<byte> binding, long shiftMs)
    {
        ref var read = ref MemoryMarshal.AsRef<Fixed>(binding);
        read.ExpiresAt = new Int48(read.ExpiresAt.Value + shiftMs);
        read.RefreshedAt = new Int48(read.RefreshedAt.Value + shiftMs);
        var parts = read.Parts;
        if ((parts & Parts.Connection) != 0) binding.Slice(LengthsAt(parts) + LengthsSize(parts), sizeof(long)).Clear();
    }

    private static Parts PartsOf(in BindingHeader header)
    {
        var parts = Parts.None;
        if (header.Flow.ConnectionId != 0) parts |= Parts.Connection;
        if (IsWide(header.Flow.Source)) parts |= Parts.WideSource;
        if (IsWide(header.Flow.Local)) parts |= Parts.WideLocal;
        if (header.Q != -1) parts |= Parts.Q;
        if (header.RegId != 0) parts |= Parts.RegId;
        if (header.GruuEpoch != 0) parts |= Parts.GruuEpoch;
        if ((header.UriLength | header.ParametersLength | header.CallIdLength | header.UserAgentLength) > byte.MaxValue || header.PathLength != 0)
            parts |= Parts.LongTexts;
        return parts;
    }

    private static int SizeOf(Parts parts) =>
        LengthsAt(parts) + LengthsSize(parts)
        + ((parts & Parts.Connection) != 0 ? sizeof(long) : 0) + ((parts & Parts.Q) != 0 ? sizeof(short) : 0)
        + ((parts & Parts.RegId) != 0 ? sizeof(uint) : 0) + ((parts & Parts.GruuEpoch) != 0 ? sizeof(long) : 0);

    private static int LengthsAt(Parts parts) =>
        Unsafe.SizeOf<Fixed>() + AddressSize((parts & Parts.WideSource) != 0) + AddressSize((parts & Parts.WideLocal) != 0);

    private static int LengthsSize(Parts parts) => (parts & Parts.LongTexts) != 0 ? Unsafe.SizeOf<LongLengths>() : Unsafe.SizeOf<ShortLengths>();

    private static int AddressSize(bool isWide) => isWide ? Unsafe.SizeOf<WideAddress>() : sizeof(uint);

    private static bool IsWide(in TransportAddress address) => !address.IsIpv4 || address.ScopeId != 0;

    private static void TakeLengths(ref ReadOnlySpan<byte> octets, bool areLong, ref BindingHeader header)
    {
        if (areLong)
        {
            var lengths = Take<LongLengths>(ref octets);
            (header.UriLength, header.ParametersLength, header.PathLength) = (lengths.Uri, lengths.Parameters, lengths.Path);
            (header.CallIdLength, header.UserAgentLength) = (lengths.CallId, lengths.UserAgent);
        }
        else
        {
            var lengths = Take<ShortLengths>(ref octets);
            (header.UriLength, header.ParametersLength) = (lengths.Uri, lengths.Parameters);
            (header.CallIdLength, header.UserAgentLength) = (lengths.CallId, lengths.UserAgent);
        }
    }

    private static TransportAddress TakeAddress(ref ReadOnlySpan<byte> octets, ushort port, bool isWide)
    {
        if (!isWide) return new TransportAddress(new UInt128(0, MappedPrefix | Take<uint>(ref octets)), port);
        var address = Take<WideAddress>(ref octets);
        return new TransportAddress(address.Bits, port, address.ScopeId);
    }

    private static void Put(ref Span<byte> destination, in TransportAddress address)
    {
        if (IsWide(address)) Put(ref destination, new WideAddress { Bits = address.Bits, ScopeId = address.ScopeId });
        else Put(ref destination, (uint)address.Bits);
    }

    private static void Put<T>(ref Span<byte> destination, in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(destination, value);
        destination = destination[Unsafe.SizeOf<T>()..];
    }

    private static T Take<T>(ref ReadOnlySpan<byte> octets)
        where T : unmanaged
    {
        var value = MemoryMarshal.Read<T>(octets);
        octets = octets[Unsafe.SizeOf<T>()..];
        return value;
    }
}
