using Sipstead.Conformance.Tests.Transport;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.HostileInput;

/// <summary>S-22: a length that is only declared costs nothing, and one that cannot be is refused before its octets come.</summary>
public sealed class DeclaredLengthTests
{
    /// <summary>Values of Content-Length, and the status of the one answer before the connection ends.</summary>
    public static TheoryData<string, int> Impossible => new()
    {
        { "2147483647", 513 },
        { "65536", 513 },
        { "2147483648", 400 },
        { "4294967296", 400 },
        { "4294967328", 400 },
        { "18446744073709551617", 400 },
        { "-1", 400 },
        { "+5", 400 },
        { "5 5", 400 },
        { "5, 5", 400 },
        { "5\r\nl: 5", 400 },
        { "5\r\nContent-Length: 6", 400 },
        { "0x5", 400 },
        { "\u00b5", 400 },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task S_22_ImpossibleLength_EndsTheConnectionAtOnce(string length, int status)
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(new RequestText { ContentLength = length, Body = "12345" }.ToString());
        Assert.Equal(status, (await peer.AnswerAsync()).Status);
        await peer.AssertEndsAsync();
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task S_22_ImpossibleLength_OfADatagram_Is400(string length, int status)
    {
        Assert.NotEqual(200, status);
        await using var server = new RunningTransport();
        using var peer = new UdpPeer();
        peer.Send(new RequestText { ContentLength = length, Body = "12345" }, server.EndPoint);
        Assert.Equal(400, (await peer.AnswerAsync()).Status);
        await peer.AssertNextAnswerIsToOptionsAsync(server.EndPoint);
    }

    [Fact]
    public async Task S_22_LeadingZeros_AreTheNumber()
    {
        await using var server = new RunningTransport();
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        const string ignored = "Content-Disposition: x;handling=optional\r\n";
        await peer.SendAsync(new RequestText { ContentLength = "00000000005", Body = "12345", Headers = ignored }.ToString());
        Assert.Equal(200, (await peer.AnswerAsync()).Status);
        await peer.AssertNextAnswerIsToOptionsAsync();
    }

    [Theory]
    [InlineData("60000", FrameStatus.NeedMoreData)]
    [InlineData("2147483647", FrameStatus.Broken)]
    public void S_22_DeclaredOctets_AreNotAllocated(string length, FrameStatus expected)
    {
        var octets = new RequestText { ContentLength = length }.ToOctets();
        var message = new SipMessage();
        StreamFramer.Frame(octets, 0, octets.Length, message, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var status = StreamFramer.Frame(octets, 0, octets.Length, message, out _);
        SipParser.TryParseDatagram(octets, 0, octets.Length, message);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(expected, status);
    }
}
