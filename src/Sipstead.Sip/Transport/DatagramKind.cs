namespace Sipstead.Sip.Transport;

/// <summary>What a datagram is, judged by its first octets before anything parses it (TPT-14, RFC 5389 8, MSG-02).</summary>
internal enum DatagramKind
{
    /// <summary>Only CR, LF or NUL octets, or nothing at all: a keep-alive that wants no answer.</summary>
    KeepAlive,
    Stun,
    Sip,
}

internal static class DatagramTriage
{
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty || datagram.IndexOfAnyExcept((byte)'\r', (byte)'\n', (byte)0) < 0) return DatagramKind.KeepAlive;
        return datagram[0] <= 3 ? DatagramKind.Stun : DatagramKind.Sip;
    }
}
