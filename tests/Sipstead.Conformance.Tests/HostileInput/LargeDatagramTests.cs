using System.Net;
using Sipstead.Conformance.Tests.Transport;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.HostileInput;

/// <summary>S-25: requests that travel in fragments are taken whole, and their answers fit into one packet.</summary>
public sealed class LargeDatagramTests
{
    /// <summary>What passes any path unfragmented (RFC 3261 18.1.1).</summary>
    private const int OnePacket = 1300;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task S_25_FragmentedRequest_IsTakenWhole_AndItsAnswerIsOnePacket(string address)
    {
        await using var server = new RunningTransport(new SipOptions { Address = address });
        var to = new IPEndPoint(IPAddress.Parse(address), server.Port);
        using var peer = new UdpPeer(address);
        foreach (var size in (int[])[OnePacket, 1_472, 1_500, 4_096, 9_000, 32_000, 65_000, SipLimits.Datagram])
        {
            var request = new RequestText { CallId = $"large-{size}", Headers = "Content-Disposition: x;handling=optional\r\n", ContentLength = "10000" };
            var head = request.ToString().Length - "10000".Length;
            var body = size - head - $"{size}".Length;
            body = size - head - $"{body}".Length;
            peer.Send(request with { ContentLength = null, Body = new string('b', body) }, to);
            var (octets, _) = await peer.ReceiveAsync();
            var answer = new Sipstead.Testing.Registrar.SipResponseText(octets);
            Assert.Equal((200, request.CallId), (answer.Status, answer.One("Call-ID")));
            Assert.InRange(octets.Length, 1, OnePacket);
        }
    }
}
