using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Sipstead.Sip.Transport.LinuxSockets;

namespace Sipstead.Sip.Transport;

/// <summary>
/// The replies to one batch of datagrams: buffers, used again for every batch, and the system call that sends them. Replies to one peer, such as a proxy in
/// front of many phones, that are of one length go as a train: the kernel takes them through its stack as one and parts them at the end (UDP_SEGMENT). They keep
/// their order; those of other lengths they may overtake, as datagrams do. Belongs to one receiving loop at a time.
/// </summary>
internal sealed unsafe class ReplyQueue : IDisposable
{
    /// <summary>Most datagrams of a train, UDP_MAX_SEGMENTS of the oldest kernels.</summary>
    private const int LongestTrain = 64;

    /// <summary>Most octets of a train: one IP packet, headers included, until the kernel parts it.</summary>
    private const int LargestTrain = 65_000;

    /// <summary>Places of <see cref="_joinable"/>; a power of two.</summary>
    private const int TablePlaces = 256;

    private readonly byte[] _octets = GC.AllocateUninitializedArray<byte>(DatagramBatch.Capacity * DatagramBatch.SlotStride, pinned: true);
    private readonly Reply[] _replies = new Reply[DatagramBatch.Capacity];
    private readonly Train[] _trains = new Train[DatagramBatch.Capacity];

    /// <summary>
    /// Number, plus one, of the train last begun by replies of a hash. Only that one is joined, so that they keep their order; one that lost its place to
    /// another is joined no more.
    /// </summary>
    private readonly byte[] _joinable = new byte[TablePlaces];

    private readonly byte* _native;
    private readonly byte* _base;
    private readonly MessageHeader* _messages;
    private readonly IoVector* _vectors;
    private int _count;

    public ReplyQueue()
    {
        const int perReply = (sizeof(long) * 2) + DatagramBatch.NameSize + DatagramBatch.ControlSize;
        var headers = (nuint)(DatagramBatch.Capacity * sizeof(MessageHeader));
        _native = (byte*)NativeMemory.AllocZeroed(headers + (DatagramBatch.Capacity * perReply));
        _base = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_octets, 0);
        _messages = (MessageHeader*)_native;
        _vectors = (IoVector*)(_native + headers);
        var control = (byte*)(_vectors + DatagramBatch.Capacity);
        var names = control + (DatagramBatch.Capacity * DatagramBatch.ControlSize);
        for (var i = 0; i < DatagramBatch.Capacity; i++)
        {
            _messages[i].Control = control + (i * DatagramBatch.ControlSize);
            _messages[i].Name = names + (i * DatagramBatch.NameSize);
        }
    }

    /// <summary>Where the next reply is written.</summary>
    public Memory<byte> NextBuffer => BufferOf(_count);

    /// <summary>Where a queued reply is, to write another in its place.</summary>
    public Memory<byte> BufferOf(int reply) => _octets.AsMemory(DatagramBatch.OffsetOf(reply), DatagramBatch.SlotSize);

    /// <summary>Queues what was written to <see cref="NextBuffer"/>; returns its number.</summary>
    /// <param name="local">The address to send from; none to leave it to the kernel.</param>
    public int Add(int length, TransportAddress destination, TransportAddress local)
    {
        Replace(_count, length, destination, local);
        return _count++;
    }

    public void Replace(int reply, int length, TransportAddress destination, TransportAddress local) =>
        _replies[reply] = new Reply(destination, local, length);

    /// <summary>Sends all queued replies. Those that the kernel refuses are skipped; returns how many were.</summary>
    /// <param name="asTrains">True where the socket takes trains.</param>
    public int Send(int descriptor, bool asTrains)
    {
        var trains = Couple(asTrains ? LongestTrain : 1);
        Load(trains);
        var refused = 0;
        for (var at = 0; at < trains;)
        {
            var sent = SendMany(descriptor, _messages + at, (uint)(trains - at), NoSignal);
            if (sent > 0)
            {
                at += sent;
                continue;
            }

            // The error belongs to the first: unreachable, buffer full, address gone; or longer than a packet of its way may be, which the kernel parts
            // only when they come one by one.
            refused += _trains[at].Count == 1 ? 1 : SendSingly(descriptor, _trains[at]);
            at++;
        }

        _count = 0;
        return refused;
    }

    public void Dispose()
    {
        NativeMemory.Free(_native);
        GC.SuppressFinalize(this);
    }

    ~ReplyQueue() => NativeMemory.Free(_native);

    /// <summary>Fills in destination and the address to send from.</summary>
    internal static void Address(ref MessageHeader message, TransportAddress destination, TransportAddress local)
    {
        message.NameLength = (uint)destination.WriteSockaddr(new Span<byte>(message.Name, DatagramBatch.NameSize));
        message.ControlLength = (nuint)WriteSourceAddress(message.Control, local);
        message.Flags = 0;
    }

    /// <summary>Makes trains of the replies, in the order of their first ones. Returns how many.</summary>
    private int Couple(int longest)
    {
        _joinable.AsSpan().Clear();
        var count = 0;
        for (var i = 0; i < _count; i++)
        {
            ref var reply = ref _replies[i];
            ref var place = ref _joinable[reply.Hash & (TablePlaces - 1)];
            if (place == 0 || !TryJoin(ref _trains[place - 1], i, longest))
            {
                _trains[count] = new Train { First = i, Last = i, Count = 1 };
                place = (byte)++count;
            }
        }

        return count;
    }

    private bool TryJoin(ref Train train, int number, int longest)
    {
        ref var last = ref _replies[train.Last];
        if (train.Count >= longest || !last.GoesWith(_replies[number]) || (train.Count + 1) * last.Length > LargestTrain) return false;
        last.Next = number;
        train.Last = number;
        train.Count++;
        return true;
    }

    private void Load(int trains)
    {
        var vector = _vectors;
        for (var i = 0; i < trains; i++)
        {
            ref var message = ref _messages[i];
            ref readonly var train = ref _trains[i];
            ref readonly var first = ref _replies[train.First];
            message.Vectors = vector;
            message.VectorCount = (nuint)train.Count;
            for (var (left, reply) = (train.Count, train.First); left > 0; left--, reply = _replies[reply].Next)
            {
                *vector++ = new IoVector { Base = _base + DatagramBatch.OffsetOf(reply), Length = (nuint)_replies[reply].Length };
            }

            Address(ref message, first.Destination, first.Local);
            if (train.Count > 1) message.ControlLength += (nuint)WriteSegmentSize(message.Control + message.ControlLength, (ushort)first.Length);
        }
    }

    private int SendSingly(int descriptor, in Train train)
    {
        var refused = 0;
        var name = stackalloc byte[DatagramBatch.NameSize];
        var control = stackalloc byte[DatagramBatch.ControlSize];
        for (var (left, number) = (train.Count, train.First); left > 0; left--)
        {
            ref readonly var reply = ref _replies[number];
            var vector = new IoVector { Base = _base + DatagramBatch.OffsetOf(number), Length = (nuint)reply.Length };
            var message = new MessageHeader { Name = name, Control = control, Vectors = &vector, VectorCount = 1 };
            Address(ref message, reply.Destination, reply.Local);
            if (SendMany(descriptor, &message, 1, NoSignal) != 1) refused++;
            number = reply.Next;
        }

        return refused;
    }

    private static int WriteSegmentSize(byte* control, ushort size)
    {
        var header = (ControlHeader*)control;
        header->Level = UdpProtocol;
        header->Type = UdpSegment;
        header->Length = (nuint)(sizeof(ControlHeader) + sizeof(ushort));
        *(ulong*)(header + 1) = size;
        return sizeof(ControlHeader) + sizeof(ulong);
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

    /// <summary>A queued reply. <see cref="Next"/> is the one after it in its train.</summary>
    private record struct Reply(TransportAddress Destination, TransportAddress Local, int Length)
    {
        public int Next { get; set; }

        /// <summary>Eight bits, of what <see cref="GoesWith"/> compares.</summary>
        public readonly int Hash
        {
            get
            {
                var bits = (ulong)Destination.Bits ^ (ulong)(Destination.Bits >> 64) ^ ((ulong)Destination.Port << 32) ^ ((ulong)Length << 48);
                return (int)((bits * 0x9E3779B97F4A7C15) >> 56);
            }
        }

        public readonly bool GoesWith(in Reply other) => Length == other.Length && Destination == other.Destination && Local == other.Local;
    }

    /// <summary>Replies of one length to one peer.</summary>
    private struct Train
    {
        public int First;
        public int Last;
        public int Count;
    }
}
