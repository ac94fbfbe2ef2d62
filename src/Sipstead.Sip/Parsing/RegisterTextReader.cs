using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Parsing;

/// <summary>
/// Reads a REGISTER line by line no further than <see cref="RegisterText"/> needs. It takes the spelling that nearly all phones use: headers by their whole
/// names and a space, nothing folded, no body. Anything else is left to <see cref="SipParser"/>. Used again for each message; not thread-safe.
/// </summary>
/// <param name="key">Of the hash, secret, and the same for all readers whose hashes are compared.</param>
/// <remarks>
/// What differs is taken out of the hash only where it is of characters that end nothing around it, so that two texts of one hash have one structure. The hash
/// is no signature and need not be one: the request's digest is checked, and a device that found two texts of one hash would deceive nobody but itself.
/// </remarks>
public sealed class RegisterTextReader(long key)
{
    private readonly SipMessage _message = new();

    private static ReadOnlySpan<byte> RequestLineStart => "REGISTER sip:"u8;

    private static ReadOnlySpan<byte> RequestLineEnd => " SIP/2.0\r\n"u8;

    /// <summary>Reads a message that was read whole. False also where that found a Via or Authorization in another spelling.</summary>
    public bool TryRead(SipMessage message, out RegisterText text)
    {
        ArgumentNullException.ThrowIfNull(message);
        return TryRead(message.Buffer, message.Offset, message.Length, out text)
            && IsWhole(HeaderId.Via, message, text) && IsWhole(HeaderId.Authorization, message, text);
    }

    /// <summary>Reads a datagram. False for all that is not a REGISTER in the usual spelling.</summary>
    public bool TryRead(byte[] buffer, int offset, int length, out RegisterText text)
    {
        text = default;
        var octets = new ReadOnlySpan<byte>(buffer, offset, length);
        if (!octets.StartsWith(RequestLineStart) || length > SipLimits.Line) return false; // no line can be too long, whatever is left out of the hash
        var at = octets.IndexOf((byte)'\n') + 1;
        if (!octets[..at].EndsWith(RequestLineEnd)) return false;
        _message.Reset(buffer, offset);
        _message.SetRequestLine((0, "REGISTER".Length), ("REGISTER ".Length, at - "REGISTER ".Length - RequestLineEnd.Length));
        _message.SetExtent(length, length, 0);
        var lines = new Lines(octets, _message, key);
        while (at < length)
        {
            var line = octets[at..];
            var end = line.IndexOf((byte)'\n');
            if (end < 1 || line[end - 1] != '\r') return false;
            if (end == 1) return at + 2 == length && lines.TryEnd(octets[RequestLineStart.Length..], out text);
            if (!lines.TryTake(at, line[..(end - 1)])) return false;
            at += end + 1;
        }

        return false;
    }

    private static bool IsWhole(HeaderId id, SipMessage message, in RegisterText text) => CountOf(message, id) == CountOf(text.Message, id);

    private static int CountOf(SipMessage message, HeaderId id)
    {
        var count = 0;
        for (var line = message.FirstLine(id); line >= 0; line = message.NextLine(id, line)) count++;
        return count;
    }

    /// <summary>What the lines so far said.</summary>
    private ref struct Lines(ReadOnlySpan<byte> octets, SipMessage message, long key)
    {
        private readonly ReadOnlySpan<byte> _octets = octets;
        private ulong _hash = (ulong)key;
        private int _hashed;
        private Via _via;
        private DigestCredentials _credentials;
        private uint _sequence;

        public bool TryTake(int at, ReadOnlySpan<byte> line) => line[0] switch
        {
            (byte)'V' when line.StartsWith("Via: "u8) => TryTakeVia(at, line[5..]),
            (byte)'F' when line.StartsWith("From: "u8) => TryTakeFrom(at, line[6..]),
            (byte)'T' when line.StartsWith("To: "u8) => !line.Contains((byte)';') && TryAdd(HeaderId.To, at, 4, line.Length),
            (byte)'C' when line.StartsWith("Call-ID: "u8) => TryAdd(HeaderId.CallId, at, 9, line.Length),
            (byte)'C' when line.StartsWith("CSeq: "u8) => TryTakeCSeq(at, line[6..]),
            (byte)'A' when line.StartsWith("Authorization: "u8) => TryTakeCredentials(at, line),
            (byte)' ' or (byte)'\t' => false, // folded
            _ => true,
        };

        public bool TryEnd(ReadOnlySpan<byte> behindScheme, out RegisterText text)
        {
            text = default;
            var isWhole = message.Has(HeaderId.Via) && message.Has(HeaderId.From) && message.Has(HeaderId.To) && message.Has(HeaderId.CallId)
                && message.Has(HeaderId.CSeq);
            if (!isWhole) return false;
            LeaveOut(_octets.Length, 0);
            text = new RegisterText
            {
                Message = message, Via = _via, Host = behindScheme[..behindScheme.IndexOf((byte)' ')], CSeq = _sequence,
                HasCredentials = message.Has(HeaderId.Authorization), Credentials = _credentials, Hash = _hash,
            };
            return true;
        }

        private bool TryTakeVia(int at, ReadOnlySpan<byte> value)
        {
            var isTop = !message.Has(HeaderId.Via);
            if (!Via.TryParse(value, out var via) || via.Branch.Length <= SipRequest.BranchCookie.Length) return false;
            if (!TryAddLine(HeaderId.Via, at, 5, 5 + value.Length) || !TryLeaveOut(via.Branch)) return false;
            if (isTop) _via = via;
            return true;
        }

        /// <summary>Some phones make a new tag each time.</summary>
        private bool TryTakeFrom(int at, ReadOnlySpan<byte> value)
        {
            var tag = value.LastIndexOf(";tag="u8);
            return TryAdd(HeaderId.From, at, 6, 6 + value.Length) && (tag < 0 || TryLeaveOut(value[(tag + 5)..]));
        }

        private bool TryTakeCSeq(int at, ReadOnlySpan<byte> value)
        {
            if (!CSeqValue.TryParse(value, out _sequence, out _)) return false;
            return TryAdd(HeaderId.CSeq, at, 6, 6 + value.Length) && TryLeaveOut(value[..value.IndexOfAnyExceptInRange((byte)'0', (byte)'9')]);
        }

        private bool TryTakeCredentials(int at, ReadOnlySpan<byte> line)
        {
            const int name = 15;
            if (!DigestCredentials.TryParse(line[name..], out _credentials) || !TryAdd(HeaderId.Authorization, at, name, line.Length)) return false;
            LeaveOut(at, line.Length);
            return true;
        }

        /// <summary>Adds a header that there may be one of.</summary>
        /// <param name="start">Where in its line the value starts.</param>
        /// <param name="length">Octets of the line.</param>
        private readonly bool TryAdd(HeaderId id, int at, int start, int length) => !message.Has(id) && TryAddLine(id, at, start, length);

        /// <summary>Adds a header whose value has no white space round it, which would have to be stripped.</summary>
        private readonly bool TryAddLine(HeaderId id, int at, int start, int length)
        {
            if (SipChars.IsWhiteSpace(_octets[at + length - 1]) || SipChars.IsWhiteSpace(_octets[at + start])) return false;
            return message.TryAdd(new HeaderField(id, at, start - 2, at + start, length - start));
        }

        private bool TryLeaveOut(ReadOnlySpan<byte> part)
        {
            if (!SipChars.IsAll(part, SipChars.Token)) return false;
            LeaveOut((int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(_octets), ref MemoryMarshal.GetReference(part)), part.Length);
            return true;
        }

        /// <summary>Hashes what stands before a part, and goes on behind it. The parts come in their order.</summary>
        private void LeaveOut(int start, int length)
        {
            _hash = XxHash3.HashToUInt64(_octets[_hashed..start], (long)_hash);
            _hashed = start + length;
        }
    }
}
