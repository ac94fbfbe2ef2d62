using System.Buffers;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Writing;

/// <summary>A message in the making, in a borrowed buffer. For what is kept or repeated; replies of receiving loops are written in place.</summary>
internal readonly struct MessageDraft : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(SipLimits.StreamMessage);

    public MessageDraft() => Writer.Reset(_buffer.AsMemory(0, SipLimits.Datagram));

    public SipWriter Writer { get; } = new();

    /// <summary>The message as octets of its own; empty when it was too large, which no transport sends.</summary>
    public byte[] ToArray() => Writer.Overflowed ? [] : Writer.Written.ToArray();

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
