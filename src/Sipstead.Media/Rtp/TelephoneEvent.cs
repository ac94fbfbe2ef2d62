using System.Buffers.Binary;

namespace Sipstead.Media.Rtp;

/// <summary>The payload of a telephone-event packet (RFC 4733 2.3).</summary>
/// <param name="Event">Event number; 0 to 15 are the keys.</param>
/// <param name="IsEnd">The E bit: the key was let go.</param>
/// <param name="Volume">Power below 0 dBm0, in dB.</param>
/// <param name="Duration">How long it lasts so far, in units of the clock.</param>
internal readonly record struct TelephoneEvent(byte Event, bool IsEnd, byte Volume, ushort Duration)
{
    public const int Size = 4;

    /// <summary>The keys in the order of their event numbers.</summary>
    public const string Keys = "0123456789*#ABCD";

    public static bool TryRead(ReadOnlySpan<byte> payload, out TelephoneEvent read)
    {
        read = default;
        if (payload.Length < Size) return false;
        read = new TelephoneEvent(
            payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3F), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    public void Write(Span<byte> payload)
    {
        payload[0] = Event;
        payload[1] = (byte)((IsEnd ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
    }
}
