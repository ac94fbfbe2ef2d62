using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Sipstead.Sip.Digest;

namespace Sipstead.RegisterLoad;

/// <summary>
/// Writes the REGISTER that a device sends now: the same octets as long as the device's counters stay, so that a retransmission is one. Device i is
/// <c>user{i}@domain</c> with the password <c>secret</c>.
/// </summary>
internal sealed class RegisterWriter
{
    /// <summary>Room that every message fits into, for domains of ordinary length.</summary>
    public const int MaxLength = 2048;

    /// <summary>How the branch of every request begins; device and CSeq follow.</summary>
    public static ReadOnlySpan<byte> Branch => "z9hG4bKx"u8;

    private static ReadOnlySpan<byte> CNonce => "0a4f113b"u8;

    private readonly Md5 _md5 = new();
    private readonly byte[] _domain;
    private readonly byte[] _toPort;
    private readonly byte[] _toHost;
    private readonly byte[] _toCSeq;
    private readonly byte[] _afterContact;
    private readonly byte[] _toNonce;
    private readonly byte[] _toResponse;
    private readonly byte[] _hashed;
    private readonly byte[] _digested = new byte[512];

    public RegisterWriter(string domain, Transport transport, int expires, int processId)
    {
        _domain = Encoding.ASCII.GetBytes(domain);
        _toHost = Encoding.ASCII.GetBytes($"@{domain}>");
        _toPort = Encoding.ASCII.GetBytes($"REGISTER sip:{domain} SIP/2.0\r\nVia: SIP/2.0/{transport.ToString().ToUpperInvariant()} 127.0.0.1:");
        _toCSeq = Invariant($"-{processId}@127.0.0.1\r\nCSeq: ");
        var parameter = transport == Transport.Udp ? "" : $";transport={transport.ToString().ToLowerInvariant()}";
        _afterContact = Invariant($"""
            {parameter};ob>
            Expires: {expires}
            User-Agent: regload/1.0
            Allow: PRACK, INVITE, ACK, BYE, CANCEL, UPDATE, INFO, SUBSCRIBE, NOTIFY, REFER, MESSAGE, OPTIONS

            """);
        _toNonce = Encoding.ASCII.GetBytes($"\", realm=\"{domain}\", nonce=\"");
        _toResponse = Encoding.ASCII.GetBytes($"\", uri=\"sip:{domain}\", response=\"");
        _md5.Append(Encoding.ASCII.GetBytes($"REGISTER:sip:{domain}"));
        _hashed = new byte[Device.HexHash.Length];
        _md5.Finish().WriteHex(_hashed);
    }

    /// <summary>Gives a new device its HA1.</summary>
    public void SetPassword(ref Device device, int number)
    {
        var pen = new Pen(_digested);
        pen.Write("user"u8);
        pen.Write((uint)number);
        pen.Write(":"u8);
        pen.Write(_domain);
        pen.Write(":secret"u8);
        _md5.Append(pen.Written);
        _md5.Finish().WriteHex(device.Ha1);
    }

    /// <summary>Writes the request, with credentials when the device has a nonce, and returns its length.</summary>
    public int Write(in Device device, int number, ReadOnlySpan<byte> port, Span<byte> message)
    {
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(number, digits, out var length);
        ReadOnlySpan<byte> user = digits[..length];
        var pen = new Pen(message);
        pen.Write(_toPort);
        pen.Write(port);
        pen.Write(";rport;branch="u8);
        pen.Write(Branch);
        pen.Write(user);
        pen.Write("x"u8);
        pen.Write(device.CSeq);
        pen.Write("\r\nMax-Forwards: 70\r\nFrom: <sip:user"u8);
        pen.Write(user);
        pen.Write(_toHost);
        pen.Write(";tag=t"u8);
        pen.Write(user);
        pen.Write("\r\nTo: <sip:user"u8);
        pen.Write(user);
        pen.Write(_toHost);
        pen.Write("\r\nCall-ID: cid-"u8);
        pen.Write(user);
        pen.Write(_toCSeq);
        pen.Write(device.CSeq);
        pen.Write(" REGISTER\r\nContact: <sip:user"u8);
        pen.Write(user);
        pen.Write("@127.0.0.1:"u8);
        pen.Write(port);
        pen.Write(_afterContact);
        if (device.NonceLength > 0) WriteCredentials(device, user, ref pen);
        pen.Write("Content-Length: 0\r\n\r\n"u8);
        return pen.Length;
    }

    private void WriteCredentials(in Device device, scoped ReadOnlySpan<byte> user, scoped ref Pen pen)
    {
        pen.Write("Authorization: Digest username=\"user"u8);
        pen.Write(user);
        pen.Write(_toNonce);
        pen.Write(device.Nonce);
        pen.Write(_toResponse);
        WriteResponse(device, ref pen);
        pen.Write("\", algorithm=MD5, cnonce=\""u8);
        pen.Write(CNonce);
        pen.Write("\", qop=auth, nc="u8);
        pen.WriteHex(device.NonceCount);
        if (device.OpaqueLength > 0)
        {
            pen.Write(", opaque=\""u8);
            pen.Write(device.Opaque);
            pen.Write("\""u8);
        }

        pen.Write("\r\n"u8);
    }

    /// <summary>RFC 2617 3.2.2.1 with qop=auth.</summary>
    private void WriteResponse(in Device device, scoped ref Pen message)
    {
        var pen = new Pen(_digested);
        pen.Write(device.Ha1);
        pen.Write(":"u8);
        pen.Write(device.Nonce);
        pen.Write(":"u8);
        pen.WriteHex(device.NonceCount);
        pen.Write(":"u8);
        pen.Write(CNonce);
        pen.Write(":auth:"u8);
        pen.Write(_hashed);
        _md5.Append(pen.Written);
        message.Take(_md5.Finish().WriteHex(message.Rest).Length);
    }

    private static byte[] Invariant(FormattableString text) =>
        Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("\r\n"));

    /// <summary>Where the next octets go.</summary>
    private ref struct Pen(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        public int Length { get; private set; }

        public readonly ReadOnlySpan<byte> Written => _room[..Length];

        public readonly Span<byte> Rest => _room[Length..];

        public void Write(scoped ReadOnlySpan<byte> text)
        {
            text.CopyTo(_room[Length..]);
            Length += text.Length;
        }

        public void Write(uint number)
        {
            Utf8Formatter.TryFormat(number, _room[Length..], out var written);
            Length += written;
        }

        /// <summary>Eight digits, as <c>nc</c> has them.</summary>
        public void WriteHex(uint number)
        {
            Utf8Formatter.TryFormat(number, _room[Length..], out var written, new('x', 8));
            Length += written;
        }

        public void Take(int length) => Length += length;
    }
}
