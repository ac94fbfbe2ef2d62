using System.Runtime.InteropServices;
using static Sipstead.Media.Rtp.LinuxDatagrams;

namespace Sipstead.Media.Rtp;

/// <summary>Buffers for the datagrams of one receive call, used again for every socket. Belongs to one thread at a time.</summary>
internal sealed unsafe class PacketBatch : IDisposable
{
    /// <summary>Datagrams moved by one system call.</summary>
    public const int Capacity = 32;

    /// <summary>Octets for each datagram: above what a path carries, so that a longer one is noticed and dropped.</summary>
    private const int SlotSize = 2048;

    private const int NanosecondsPerTick = 100;

    private readonly byte* _native;
    private readonly MessageHeader* _messages;

    public PacketBatch()
    {
        var perSlot = sizeof(MessageHeader) + sizeof(IoVector) + sizeof(TimestampControl) + SlotSize + MediaAddress.SockaddrSize;
        _native = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * perSlot));
        _messages = (MessageHeader*)_native;
        var vectors = (IoVector*)(_messages + Capacity);
        var controls = (TimestampControl*)(vectors + Capacity);
        var buffers = (byte*)(controls + Capacity);
        var names = buffers + (Capacity * SlotSize);
        for (var i = 0; i < Capacity; i++)
        {
            vectors[i] = new IoVector { Base = buffers + (i * SlotSize), Length = SlotSize };
            _messages[i].Vectors = &vectors[i];
            _messages[i].VectorCount = 1;
            _messages[i].Control = (byte*)&controls[i];
            _messages[i].Name = names + (i * MediaAddress.SockaddrSize);
        }
    }

    /// <summary>Takes what waits at a socket, up to <see cref="Capacity"/> datagrams. Returns how many; none also on an error.</summary>
    public int Receive(MediaSocket socket)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _messages[i].NameLength = MediaAddress.SockaddrSize;
            _messages[i].ControlLength = (nuint)sizeof(TimestampControl);
            _messages[i].Flags = 0;
        }

        return Math.Max(ReceiveMany(socket.Descriptor, _messages, Capacity, DoNotWait, null), 0);
    }

    /// <summary>The octets of a datagram; valid until the next receive. Empty for one that was too long.</summary>
    public Span<byte> Packet(int slot) =>
        (_messages[slot].Flags & Truncated) != 0 ? default : new Span<byte>(_messages[slot].Vectors->Base, (int)_messages[slot].Length);

    public MediaAddress SourceOf(int slot) => MediaAddress.FromSockaddr(new ReadOnlySpan<byte>(_messages[slot].Name, MediaAddress.SockaddrSize));

    /// <summary>When a datagram came, on the kernel's clock; only differences mean something. Zero when the kernel did not say.</summary>
    public TimeSpan ArrivalOf(int slot)
    {
        if (_messages[slot].ControlLength < (nuint)sizeof(TimestampControl)) return default;
        var control = (TimestampControl*)_messages[slot].Control;
        if (control->Level != SolSocket || control->Type != SoTimestamp) return default;
        return new TimeSpan((control->Seconds * TimeSpan.TicksPerSecond) + (control->Nanoseconds / NanosecondsPerTick));
    }

    public void Dispose()
    {
        NativeMemory.Free(_native);
        GC.SuppressFinalize(this);
    }

    ~PacketBatch() => NativeMemory.Free(_native);
}
