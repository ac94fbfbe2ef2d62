using System.Net;
using Sipstead.Conformance.Tests.Transport;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>
/// TORT6 and URI-06: the messages of RFC 5118. They come from their first hop to a registrar at 2001:db8::10, of which that address is a name, as are the
/// others that a message asks for.
/// </summary>
public sealed class Ipv6AnswerTests : IDisposable
{
    private const string Source = "[2001:db8::9:1]:5060";

    private readonly RegistrarHarness _harness = new();

    public Ipv6AnswerTests()
    {
        string[] hosts = ["example.com", "host.example.net", "[2001:db8::10]", "[2001:db8::10:5070]", "[2001:db8::192.0.2.1]"];
        for (var i = 0; i < hosts.Length; i++) _harness.View.AddRealms([new RealmEntry(1 + i, 9_900_000, hosts[i], 5060)], 1 + i);
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void TORT6_01_Good_HostAndPort_AreRead()
    {
        var request = Read(Ipv6Messages.Good);
        Assert.Equal("[2001:db8::10]", Text(request.Uri.Host));
        Assert.Equal(-1, request.Uri.Port);
        Assert.Equal("[2001:db8::9:1]", Text(request.Via.Host));
        Assert.True(NameAddress.TryParse(request.Message.Value(HeaderId.Contact), out var contact));
        Assert.Equal("[2001:db8::1]", Text(contact.Uri.Host));
        Assert.Equal(401, Answer(Ipv6Messages.Good).Status);
    }

    [Fact]
    public void TORT6_02_Bad_IsRefused_AndNeverReadAsHostAndPort()
    {
        Assert.False(SipUri.TryParse("sip:2001:db8::10"u8, out _));
        Assert.Equal(400, Answer(Ipv6Messages.Bad).Status);
    }

    [Fact]
    public void TORT6_03_PortAmbiguous_IsAllAddress()
    {
        var request = Read(Ipv6Messages.PortAmbiguous);
        Assert.Equal("[2001:db8::10:5070]", Text(request.Uri.Host));
        Assert.Equal(-1, request.Uri.Port);
        Assert.True(TransportAddress.TryParseHost(request.Uri.Host, 5060, out var address));
        Assert.Equal(new TransportAddress(IPEndPoint.Parse("[2001:db8::10:5070]:5060")), address);
        Assert.Equal(401, Answer(Ipv6Messages.PortAmbiguous).Status);
    }

    [Fact]
    public void TORT6_04_PortUnambiguous_IsThePort()
    {
        var request = Read(Ipv6Messages.PortUnambiguous);
        Assert.Equal("[2001:db8::10]", Text(request.Uri.Host));
        Assert.Equal(5070, request.Uri.Port);
        Assert.Equal(401, Answer(Ipv6Messages.PortUnambiguous).Status);
    }

    [Fact]
    public void TORT6_05_Received_IsReadWithBrackets_AndNotPassedBack()
    {
        Assert.Equal("[2001:db8::9:255]", Received(Ipv6Messages.ReceivedWithDelimiters));
        var answer = Answer(Ipv6Messages.ReceivedWithDelimiters);
        Assert.Equal(481, answer.Status);
        Assert.DoesNotContain("received", answer.One("Via"), StringComparison.Ordinal); // it came from the address that Via names
    }

    [Fact]
    public void TORT6_06_Received_IsReadWithoutBrackets_AndWrittenSo()
    {
        Assert.Equal("2001:db8::9:255", Received(Ipv6Messages.ReceivedWithoutDelimiters));
        Assert.Equal(200, Answer(Ipv6Messages.ReceivedWithoutDelimiters).Status);
        var answer = _harness.Send(Ipv6Messages.ReceivedWithoutDelimiters, RegistrarHarness.Flow("[2001:db8::77]:5060"))!;
        Assert.EndsWith(";received=2001:db8::77", answer.One("Via"), StringComparison.Ordinal);
    }

    [Fact]
    public void TORT6_07_InSdp_IsACall()
    {
        Assert.Equal(407, Answer(Ipv6Messages.InSdp).Status);
        Assert.StartsWith("v=0", Text(Read(Ipv6Messages.InSdp).Message.Body), StringComparison.Ordinal);
    }

    [Fact]
    public void TORT6_08_MultipleInHeader_ViasOfBothFamilies_ComeBackInOrder()
    {
        var answer = Answer(Ipv6Messages.MultipleInHeader);
        Assert.Equal(481, answer.Status);
        Assert.Equal(
            [
                "SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144",
                "SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200",
            ],
            answer.All("Via"));
    }

    [Fact]
    public void TORT6_09_MultipleInSdp_IsACall() => Assert.Equal(407, Answer(Ipv6Messages.MultipleInSdp).Status);

    [Fact]
    public void TORT6_10_Ipv4Mapped_IsTheHostThatItsIpv4Is()
    {
        Assert.Equal(407, Answer(Ipv6Messages.Ipv4Mapped).Status);
        var request = Read(Ipv6Messages.Ipv4Mapped);
        Assert.Equal("[::ffff:192.0.2.10]", Text(request.Via.Host));
        Assert.True(NameAddress.TryParse(request.Message.Value(HeaderId.Contact), out var contact));
        Assert.True(TransportAddress.TryParseHost(contact.Uri.Host, 5060, out var address));
        Assert.Equal(new TransportAddress(IPEndPoint.Parse("192.0.2.2:5060")), address);
        Assert.True(SipUriComparison.HostsEqual("[::ffff:192.0.2.2]"u8, "[::FFFF:c000:202]"u8));
        Assert.True(TransportAddress.TryParseHost("[::ffff:127.0.0.1]"u8, 5060, out var loopback));
        Assert.True(loopback.IsLoopback); // what rules of addresses ask
    }

    [Fact]
    public void TORT6_11_ThreeColons_AreTwo()
    {
        Assert.Equal("[2001:db8:::192.0.2.1]", Text(Read(Ipv6Messages.ThreeColons).Uri.Host));
        Assert.True(SipUriComparison.HostsEqual("[2001:db8:::192.0.2.1]"u8, "[2001:db8::c000:201]"u8));
        Assert.True(TransportAddress.TryParseHost("[2001:db8:::192.0.2.1]"u8, 5060, out var address));
        Assert.Equal(new TransportAddress(IPEndPoint.Parse("[2001:db8::192.0.2.1]:5060")), address);
        Assert.Contains(Answer(Ipv6Messages.ThreeColons).Status, (int[])[200, 404]);
        foreach (var odd in (string[])["[2001:db8:::1]", "[2001:db8::::192.0.2.1]", "[:::1]", "[1:::2:::192.0.2.1]", "[1::2:::192.0.2.1]", "[2001:db8:::]"])
            Assert.False(TransportAddress.TryParseHost(System.Text.Encoding.ASCII.GetBytes(odd), 5060, out _), odd);
    }

    [Fact]
    public void TORT6_12_TwoColons_AreRead()
    {
        Assert.Equal("[2001:db8::192.0.2.1]", Text(Read(Ipv6Messages.TwoColons).Uri.Host));
        Assert.Equal(200, Answer(Ipv6Messages.TwoColons).Status);
    }

    [Fact]
    public async Task URI_06_EveryMessage_IsAnsweredOverIpv6_UdpAndTcp()
    {
        await using var server = new RunningTransport(new SipOptions { Address = "[::1]" });
        var address = new IPEndPoint(IPAddress.IPv6Loopback, server.Port);
        foreach (var message in Ipv6Messages.All)
        {
            using var peer = new UdpPeer("::1");
            peer.Send(System.Text.Encoding.Latin1.GetBytes(message.Replace(";branch", ";rport;branch", StringComparison.Ordinal)), address);
            var overUdp = await peer.AnswerAsync();
            await peer.AssertNextAnswerIsToOptionsAsync(address);
            using var connection = await TcpPeer.ConnectAsync(address);
            await connection.SendAsync(message);
            Assert.Equal(overUdp.Status, (await connection.AnswerAsync()).Status);
            await connection.AssertNextAnswerIsToOptionsAsync();
        }
    }

    private static SipRequest Read(string message)
    {
        Assert.True(SipRequest.TryRead(ParsedMessage.Datagram(message), out var request, out var error), error.ToString());
        return request;
    }

    private static string Received(string message)
    {
        Assert.True(HeaderParameters.TryFind(Read(message).Via.Parameters, "received"u8, out var value));
        return Text(value);
    }

    private static string Text(ReadOnlySpan<byte> octets) => ParsedMessage.Text(octets);

    private SipResponseText Answer(string message) => _harness.Send(message, RegistrarHarness.Flow(Source)) ?? throw new InvalidOperationException("no answer");
}
