using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Transport;

/// <summary>
/// What a stream has brought of a message that is not whole yet. It knows when a look at it is of no use, so that a peer that sends octet by octet costs
/// no more than one that does not.
/// </summary>
internal struct PartialMessage()
{
    private byte[] _octets = [];
    private int _wanted;

    public int Length { get; private set; }

    /// <summary>Keeps what a look has left over.</summary>
    /// <param name="wanted">Octets of the whole message; 0 while its headers have no end.</param>
    public void Keep(ReadOnlySpan<byte> rest, int wanted)
    {
        _octets = rest.ToArray();
        _wanted = wanted;
        Length = rest.Length;
    }

    /// <summary>True when the message may be whole, or broken, with the octets that came now: its length is reached, or there may be an end of headers.</summary>
    public readonly bool MayEndWith(ReadOnlySpan<byte> more)
    {
        var length = Length + more.Length;
        if (_wanted > 0) return length >= _wanted;
        return Length == 0 || length > SipLimits.HeaderSection || more.Contains((byte)'\n');
    }

    public void Append(ReadOnlySpan<byte> more)
    {
        if (_octets.Length < Length + more.Length) Array.Resize(ref _octets, Math.Max(2 * _octets.Length, Length + more.Length));
        more.CopyTo(_octets.AsSpan(Length));
        Length += more.Length;
    }

    public readonly void CopyTo(Span<byte> buffer) => _octets.AsSpan(0, Length).CopyTo(buffer);
}
