using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Sipstead.Sip.Transport.LinuxSockets;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Buffers for one batch of datagrams in and their replies out, pinned and used again for every batch. Belongs to one receiving loop at a time.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Datagrams moved by one system call.</summary>
    public const int Capacity = 32;

    /// <summary>Octets for each datagram, above the largest UDP payload, so that a cut one is noticed (TPT-02).</summary>
    public const int SlotSize = 64 * 1024;

    /// <summary>
    /// From one slot to the next: not a power of two, since the first lines of all slots would else share a few sets of the processor's caches and push each
    /// other out.
    /// </summary>
    private const int SlotStride = SlotSize + (33 * 64);

    /// <summary>Octets of the largest socket address, sockaddr_in6.</summary>
    internal const int NameSize = 28;

    /// <summary>Octets for control messages.</summary>
    internal const int ControlSize = 64;

    private readonly byte[] _in = GC.AllocateUninitializedArray<byte>(Capacity * SlotStride, pinned: true);
    private readonly byte[] _out = GC.AllocateUninitializedArray<byte>(Capacity * SlotStride, pinned: true);
    private readonly byte* _native;
    private readonly byte* _inBase;
    private readonly byte* _outBase;
    private readonly MessageHeader* _received;
    private readonly MessageHeader* _sent;
    private int _sendCount;

    public DatagramBatch()
    {
        const int perSlot = (2 * sizeof(long) * 2) + (2 * NameSize) + (2 * ControlSize);
        var headers = (nuint)(Capacity * sizeof(MessageHeader));
        _native = (byte*)NativeMemory.AllocZeroed((2 * headers) + (Capacity * perSlot));
        _received = (MessageHeader*)_native;
        _sent = (MessageHeader*)(_native + headers);
        _inBase = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_in, 0);
        _outBase = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_out, 0);
        var vectors = (IoVector*)(_native + (2 * headers));
        var control = (byte*)(vectors + (2 * Capacity));
        var names = control + (2 * Capacity * ControlSize);
        for (var i = 0; i < Capacity; i++)
        {
            Prepare(&_received[i], &vectors[i], _inBase + (i * SlotStride), control + (i * ControlSize), names + (i * NameSize));
            var o = Capacity + i;
            Prepare(&_sent[i], &vectors[o], _outBase + (i * SlotStride), control + (o * ControlSize), names + (o * NameSize));
        }
    }

    /// <summary>The array that received datagrams lie in, each at its <see cref="OffsetOf"/>.</summary>
    public byte[] Received => _in;

    /// <summary>Where the datagram of a slot starts.</summary>
    public static int OffsetOf(int slot) => slot * SlotStride;

    /// <summary>Receives up to <see cref="Capacity"/> datagrams. Returns how many, or minus the error number.</summary>
    public int Receive(int descriptor, int flags)
    {
        _sendCount = 0;
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

    /// <summary>Where the reply to the next send slot is written.</summary>
    public Memory<byte> NextReplyBuffer => _out.AsMemory(_sendCount * SlotStride, SlotSize);

    /// <summary>Queues what was written to <see cref="NextReplyBuffer"/>; returns its send slot.</summary>
    public int Queue(int length, TransportAddress destination, TransportAddress local)
    {
        var slot = _sendCount++;
        Address(ref _sent[slot], length, destination, local);
        return slot;
    }

    /// <summary>The queued reply's buffer, to write another in its place.</summary>
    public Memory<byte> QueuedBuffer(int sendSlot) => _out.AsMemory(sendSlot * SlotStride, SlotSize);

    public void Requeue(int sendSlot, int length, TransportAddress destination, TransportAddress local) =>
        Address(ref _sent[sendSlot], length, destination, local);

    /// <summary>Sends all queued replies. Those that the kernel refuses are skipped; returns how many were.</summary>
    public int SendQueued(int descriptor)
    {
        var refused = 0;
        var at = 0;
        while (at < _sendCount)
        {
            var sent = SendMany(descriptor, _sent + at, (uint)(_sendCount - at), NoSignal);
            if (sent > 0)
            {
                at += sent;
                continue;
            }

            refused++; // the error belongs to the first message: unreachable, buffer full, address gone
            at++;
        }

        _sendCount = 0;
        return refused;
    }

    public void Dispose()
    {
        NativeMemory.Free(_native);
        GC.SuppressFinalize(this);
    }

    ~DatagramBatch() => NativeMemory.Free(_native);

    private static void Prepare(MessageHeader* message, IoVector* vector, byte* buffer, byte* control, byte* name)
    {
        vector->Base = buffer;
        vector->Length = SlotSize;
        message->Vectors = vector;
        message->VectorCount = 1;
        message->Control = control;
        message->Name = name;
    }

    /// <summary>Fills in length, destination and the source address to send from.</summary>
    internal static void Address(ref MessageHeader message, int length, TransportAddress destination, TransportAddress local)
    {
        message.Vectors->Length = (nuint)length;
        message.NameLength = (uint)destination.WriteSockaddr(new Span<byte>(message.Name, NameSize));
        message.ControlLength = (nuint)WriteSourceAddress(message.Control, local);
        message.Flags = 0;
    }

    /// <summary>Asks the kernel to send from <paramref name="local"/>: a wildcard socket would else pick an address of its own (ruling 16).</summary>
    private static int WriteSourceAddress(byte* control, TransportAddress local)
    {
        if (local.IsAny) return 0;
        var header = (ControlHeader*)control;
        var data = (byte*)(header + 1);
        var v4 = local.IsIpv4;
        var dataLength = v4 ? 12 : 20;
        new Span<byte>(data, 24).Clear();
        header->Level = v4 ? IpProtocol : Ipv6Protocol;
        header->Type = v4 ? IpPacketInfo : Ipv6PacketInfo;
        header->Length = (nuint)(sizeof(ControlHeader) + dataLength);
        if (v4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(data + 4, 4), (uint)(ulong)local.Bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(new Span<byte>(data, 16), local.Bits);
            *(uint*)(data + 16) = local.ScopeId;
        }

        return (sizeof(ControlHeader) + dataLength + 7) & ~7;
    }

    private static bool IsLinkLocal(UInt128 bits) => (ushort)(bits >> 112) >> 6 == 0xFE80 >> 6;
}
