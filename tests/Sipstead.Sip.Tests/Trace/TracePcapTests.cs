using System.Buffers;
using System.Net;
using CsCheck;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Sip.Tests.Trace;

public sealed class TracePcapTests
{
    private const string Invite = "INVITE sip:b@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:40000;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
        + "To: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";

    private const string Trying = "SIP/2.0 100 Trying\r\nVia: SIP/2.0/UDP 192.0.2.10:40000;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
        + "To: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";

    private static readonly SipFlow Ipv6 = TraceFixture.FlowOf("[2001:db8::9]:40000", "[2001:db8::1]:5060");
    private static readonly SipFlow Tcp = TraceFixture.FlowOf("192.0.2.10:40000", "192.0.2.1:5060", SipTransport.Tcp);
    private static readonly SipFlow Tcp6 = TraceFixture.FlowOf("[2001:db8::9]:40000", "[2001:db8::1]:5060", SipTransport.Tcp);
    private static readonly SipFlow Tls = TraceFixture.FlowOf("192.0.2.10:40000", "192.0.2.1:5061", SipTransport.Tls);

    [Fact]
    public void Datagram_IsAPacketFromPeerToUs()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero);
        var packet = Assert.Single(Read(TraceFixture.MessageOf(Invite, at: at)));
        Assert.Equal(
            new PcapPacket(at, "UDP", IPEndPoint.Parse("192.0.2.10:40000"), IPEndPoint.Parse("192.0.2.1:5060"), 0, 0, Invite, 28 + Invite.Length, IsSound: true),
            packet);
    }

    [Fact]
    public void Answer_GoesTheOtherWay()
    {
        var packet = Assert.Single(Read(TraceFixture.MessageOf("SIP/2.0 200 OK\r\n\r\n", TraceDirection.Sent, Ipv6)));
        Assert.True(packet.IsSound);
        Assert.Equal(("UDP", "[2001:db8::1]:5060", "[2001:db8::9]:40000"), (packet.Protocol, packet.From.ToString(), packet.To.ToString()));
    }

    [Fact]
    public void Stream_HasNumbersThatRunOn()
    {
        var packets = Read(
            TraceFixture.MessageOf("12345", flow: Tcp), TraceFixture.MessageOf("123", TraceDirection.Sent, Tcp), TraceFixture.MessageOf("1", flow: Tcp6),
            TraceFixture.MessageOf("67", flow: Tcp, cut: 3), TraceFixture.MessageOf("8", flow: Tcp));
        Assert.All(packets, packet => Assert.True(packet is { IsSound: true, Protocol: "TCP" }));
        Assert.Equal([(1u, 1u), (1u, 6u), (1u, 1u), (6u, 4u), (11u, 4u)], packets.Select(p => (p.Sequence, p.Acknowledged)));
    }

    [Fact]
    public void Tls_IsWrittenAsDatagrams() => Assert.Equal("UDP", Assert.Single(Read(TraceFixture.MessageOf(Invite, flow: Tls))).Protocol);

    [Fact]
    public void CutMessage_IsACutPacket()
    {
        var packets = Read(
            TraceFixture.MessageOf("1234", cut: 6), TraceFixture.MessageOf(new string('m', SipTrace.MaxMessage), flow: Tcp6, cut: 65_535 - SipTrace.MaxMessage));
        Assert.All(packets, packet => Assert.True(packet.IsSound));
        Assert.Equal([("1234", 38), (new string('m', SipTrace.MaxMessage), 65_535)], packets.Select(p => (p.Payload, p.LengthOnTheWire)));
    }

    [Fact]
    public void NoMessages_AreAFileWithoutPackets() => Assert.Empty(Read());

    [Fact]
    public void AnyMessages_AreReadAsTheyWere() => Gen.Select(Gen.Byte.Array[0, 300], TraceFixture.OneOf(TraceFixture.Udp, Ipv6, Tcp, Tcp6), Gen.Bool).Array[0, 20].Sample(
        generated =>
        {
            var messages = generated.Select(g => TraceFixture.MessageOf(
                System.Text.Encoding.Latin1.GetString(g.Item1), g.Item3 ? TraceDirection.Sent : TraceDirection.Received, g.Item2)).ToArray();
            var packets = Read(messages);
            Assert.All(packets, packet => Assert.True(packet.IsSound));
            Assert.Equal(
                messages.Select(m => (TraceFixture.TextOf(m), m.From.ToString(), m.To.ToString())),
                packets.Select(p => (p.Payload, p.From.ToString(), p.To.ToString())));
        },
        seed: "0N0XIzNsQ0O2",
        iter: 300);

    [Fact]
    public async Task Tshark_SeesSip() => Assert.Equal(
        string.Concat(Enumerable.Repeat("INVITE\t\t1\n\t100\t1\n", 4)),
        (await RunAsync(
            "tshark", "-Y", "sip", "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "sip.CSeq.seq", "-o", "ip.check_checksum:TRUE",
            "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE")).Output);

    [Fact]
    public async Task Tcpdump_FindsTheChecksumsRight()
    {
        var output = (await RunAsync("tcpdump", "-n", "-vv")).Output;
        Assert.Equal((4, 4), (output.Split("[udp sum ok] SIP").Length - 1, output.Split("(correct)").Length - 1));
    }

    /// <summary>Lets a program read an INVITE and its 100 over each transport and family.</summary>
    private static async Task<ProgramResult> RunAsync(string program, params string[] arguments)
    {
        Assert.SkipUnless(ProgramRun.IsInstalled(program), $"{program} is not installed (Debian package {program})");
        using var folder = new TemporaryFolder();
        SipFlow[] flows = [TraceFixture.Udp, Ipv6, Tcp, Tcp6];
        var messages = flows.SelectMany(flow => new[] { TraceFixture.MessageOf(Invite, flow: flow), TraceFixture.MessageOf(Trying, TraceDirection.Sent, flow) });
        await File.WriteAllBytesAsync(folder["trace.pcap"], Written([.. messages]), TestContext.Current.CancellationToken);
        return await ProgramRun.RunAsync(program, [.. arguments, "-r", folder["trace.pcap"]], TestContext.Current.CancellationToken);
    }

    private static List<PcapPacket> Read(params TracedMessage[] messages) => PcapReader.Read(Written(messages));

    private static byte[] Written(params TracedMessage[] messages)
    {
        var output = new ArrayBufferWriter<byte>();
        TracePcap.Write(output, messages);
        return output.WrittenSpan.ToArray();
    }
}
