using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Sipstead.Sip.Transport.LinuxSockets;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Buffers for one batch of received datagrams, pinned and used again for every batch. Belongs to one receiving loop at a time.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Datagrams moved by one system call.</summary>
    public const int Capacity = 128;

    /// <summary>Octets for each datagram, above the largest UDP payload, so that a cut one is noticed (TPT-02).</summary>
    public const int SlotSize = 64 * 1024;

    /// <summary>
    /// From one slot to the next: not a power of two, since the first lines of all slots would else share a few sets of the processor's caches and push each
    /// other out.
    /// </summary>
    internal const int SlotStride = SlotSize + (33 * 64);

    /// <summary>Octets of the largest socket address, sockaddr_in6.</summary>
    internal const int NameSize = 28;

    /// <summary>Octets for control messages.</summary>
    internal const int ControlSize = 64;

    private readonly byte[] _in = GC.AllocateUninitializedArray<byte>(Capacity * SlotStride, pinned: true);
    private readonly byte* _native;
    private readonly MessageHeader* _received;

    public DatagramBatch()
    {
        const int perSlot = (sizeof(long) * 2) + NameSize + ControlSize;
        var headers = (nuint)(Capacity * sizeof(MessageHeader));
        _native = (byte*)NativeMemory.AllocZeroed(headers + (Capacity * perSlot));
        _received = (MessageHeader*)_native;
        var octets = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_in, 0);
        var vectors = (IoVector*)(_native + headers);
        var control = (byte*)(vectors + Capacity);
        var names = control + (Capacity * ControlSize);
        for (var i = 0; i < Capacity; i++)
        {
            vectors[i] = new IoVector { Base = octets + OffsetOf(i), Length = SlotSize };
            _received[i].Vectors = &vectors[i];
            _received[i].VectorCount = 1;
            _received[i].Control = control + (i * ControlSize);
            _received[i].Name = names + (i * NameSize);
        }
    }

    /// <summary>The array that received datagrams lie in, each at its <see cref="OffsetOf"/>.</summary>
    public byte[] Received => _in;

    /// <summary>Where the datagram of a slot starts.</summary>
    public static int OffsetOf(int slot) => slot * SlotStride;

    /// <summary>Receives up to <see cref="Capacity"/> datagrams. Returns how many, or minus the error number.</summary>
    public int Receive(int descriptor, int flags)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _received[i].NameLength = NameSize;
            _received[i].ControlLength = ControlSize;
            _received[i].Flags = 0;
        }

        var count = ReceiveMany(descriptor, _received, Capacity, flags, null);
        return count >= 0 ? count : -Marshal.GetLastPInvokeError();
    }

    public int LengthOf(int slot) => (int)_received[slot].Length;

    public bool IsTruncated(int slot) => (_received[slot].Flags & Truncated) != 0;

    public TransportAddress SourceOf(int slot) => TransportAddress.FromSockaddr(new ReadOnlySpan<byte>(_received[slot].Name, NameSize));

    /// <summary>The local address that the datagram was sent to; <paramref name="bound"/> where the kernel did not say.</summary>
    public TransportAddress LocalOf(int slot, TransportAddress bound)
    {
        ref var message = ref _received[slot];
        if (message.ControlLength < (nuint)sizeof(ControlHeader)) return bound;
        var header = (ControlHeader*)message.Control;
        var data = (byte*)(header + 1);
        if (header->Level == IpProtocol && header->Type == IpPacketInfo)
            return TransportAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(data + 4, 4)), bound.Port);
        if (header->Level != Ipv6Protocol || header->Type != Ipv6PacketInfo) return bound;
        var bits = BinaryPrimitives.ReadUInt128BigEndian(new ReadOnlySpan<byte>(data, 16));
        return new TransportAddress(bits, bound.Port, IsLinkLocal(bits) ? *(uint*)(data + 16) : 0);
    }

    public void Dispose()
    {
        NativeMemory.Free(_native);
        GC.SuppressFinalize(this);
    }

    ~DatagramBatch() => NativeMemory.Free(_native);

    private static bool IsLinkLocal(UInt128 bits) => (ushort)(bits >> 112) >> 6 == 0xFE80 >> 6;
}
