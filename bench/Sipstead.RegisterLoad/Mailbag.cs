using System.Runtime.InteropServices;
using static Sipstead.Sip.Transport.LinuxSockets;

namespace Sipstead.RegisterLoad;

/// <summary>Room for a batch of datagrams, with the headers that the batched calls want, made once.</summary>
internal sealed unsafe class Mailbag : IDisposable
{
    private readonly int _length;
    private readonly byte* _octets;
    private readonly IoVector* _vectors;

    public Mailbag(int count, int length)
    {
        _length = length;
        _octets = (byte*)NativeMemory.AlignedAlloc((nuint)(count * length), 64);
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(IoVector));
        Headers = (MessageHeader*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(MessageHeader));
        for (var i = 0; i < count; i++)
        {
            _vectors[i] = new IoVector { Base = _octets + (i * length), Length = (nuint)length };
            Headers[i].Vectors = _vectors + i;
            Headers[i].VectorCount = 1;
        }
    }

    public MessageHeader* Headers { get; }

    public Span<byte> Room(int index) => new(_vectors[index].Base, _length);

    /// <summary>How much of the room is to be sent.</summary>
    public void SetLength(int index, int length) => _vectors[index].Length = (nuint)length;

    /// <summary>What has arrived.</summary>
    public ReadOnlySpan<byte> Received(int index) => new(_vectors[index].Base, (int)Headers[index].Length);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_octets);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(Headers);
    }
}
