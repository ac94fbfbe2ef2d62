using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>The value of CSeq: a number of 32 bits and a method (RFC 3261 20.16, MSG-12).</summary>
internal static class CSeqValue
{
    /// <summary>Reads number and method. False when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out uint number, out ReadOnlySpan<byte> method)
    {
        number = 0;
        method = default;
        var end = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end <= 0 || !SipChars.IsWhiteSpace(value[end]) || !SipNumber.TryParse(value[..end], uint.MaxValue, out var digits)) return false;
        number = (uint)digits;
        method = SipChars.Trim(value[end..]);
        return SipChars.IsAll(method, SipChars.Token);
    }

    /// <summary>The number of a message; 0 when it has no CSeq that can be read.</summary>
    public static uint NumberOf(SipMessage message) => TryParse(message.Value(HeaderId.CSeq), out var number, out _) ? number : 0;
}
