using System.Security.Cryptography;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Registrar.KeepAlive;

/// <summary>The octets of a keep-alive: two line breaks, or an OPTIONS request whose answer is not waited for. Not thread-safe.</summary>
internal sealed class KeepAliveMessage(KeepAliveMethod method)
{
    private readonly SipWriter _writer = new();
    private readonly byte[] _buffer = new byte[8 * 1024];

    public ReadOnlySpan<byte> For(in SipFlow flow, ReadOnlySpan<byte> contact) =>
        method == KeepAliveMethod.Options ? WriteOptions(flow, contact) : "\r\n\r\n"u8;

    private ReadOnlySpan<byte> WriteOptions(in SipFlow flow, ReadOnlySpan<byte> contact)
    {
        Span<byte> text = stackalloc byte[TransportAddress.MaxTextLength];
        var local = text[..flow.Local.FormatAddress(text)];
        Span<ulong> random = stackalloc ulong[3];
        RandomNumberGenerator.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(random));
        _writer.Reset(_buffer);
        _writer.Text("OPTIONS "u8);
        _writer.Value(contact);
        _writer.Text(" SIP/2.0\r\nVia: SIP/2.0/UDP "u8);
        WriteHostPort(flow.Local, local);
        _writer.Text(";rport;branch=z9hG4bK"u8);
        _writer.Hex(random[0]);
        _writer.Text("\r\nMax-Forwards: 70\r\nFrom: <sip:"u8);
        WriteHostPort(flow.Local, local);
        _writer.Text(">;tag="u8);
        _writer.Hex(random[1]);
        _writer.Text("\r\nTo: <"u8);
        _writer.Value(contact);
        _writer.Text(">\r\nCall-ID: "u8);
        _writer.Hex(random[2]);
        _writer.Text("\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"u8);
        return _writer.Written;
    }

    private void WriteHostPort(TransportAddress address, ReadOnlySpan<byte> text)
    {
        if (!address.IsIpv4) _writer.Text("["u8);
        _writer.Text(text);
        if (!address.IsIpv4) _writer.Text("]"u8);
        _writer.Text(":"u8);
        _writer.Number(address.Port);
    }
}
