using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Conformance.Tests.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>
/// TORT over TCP, each message in one piece and octet by octet. The rules of framing stand above the table, which is about datagrams (ruling 7): what leaves
/// it open where the next message begins ends the connection, and what is not whole is waited for.
/// </summary>
public sealed class StreamAnswerTests(TortureServer server) : IClassFixture<TortureServer>
{
    /// <summary>64*T1, and a sweep of the listener.</summary>
    private static readonly TimeSpan MessageDeadline = TimeSpan.FromSeconds(32 + 6);

    /// <summary>Messages after which the connection ends, with what they get before.</summary>
    private static readonly Dictionary<string, int[]> Endings = new()
    {
        ["dblreq"] = [401, 407], // two messages here; the second is short of its body, and the rest of that is no message
        ["ncl"] = [400],
        ["lwsruri"] = [400],
        ["lwsstart"] = [400],
        ["trws"] = [400],
        ["bigcode"] = [],
        ["mcl01"] = [400],
        ["inv2543"] = [400], // a stream needs Content-Length
    };

    /// <summary>Messages that are not whole.</summary>
    private static readonly string[] Unfinished = ["clerr", "baddn"];

    /// <summary>All messages that are whole, and whether they come octet by octet.</summary>
    public static TheoryData<string, bool> Whole =>
        [.. from row in AnswerTests.Expected where !Unfinished.Contains(row.Data.Item1) from byOctet in (bool[])[false, true] select (row.Data.Item1, byOctet)];

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task TORT_49_EveryMessage_IsAnsweredOverTcpAsItsFramingAllows(string name, bool octetByOctet)
    {
        var message = Encoding.Latin1.GetString(TortureMessages.Read(name));
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        if (!octetByOctet) await peer.SendAsync(message);
        else await peer.SendOctetByOctetAsync(Endings.ContainsKey(name) && name != "dblreq" ? HeadOf(message) : message);
        foreach (var status in Endings.GetValueOrDefault(name, OverUdp(name))) Assert.Equal(status, (await peer.AnswerAsync()).Status);
        if (Endings.ContainsKey(name)) await peer.AssertEndsAsync();
        else await peer.AssertNextAnswerIsToOptionsAsync();
    }

    /// <summary>OPTIONS goes before it in one piece: its answer shows that the server has what follows.</summary>
    [Theory]
    [InlineData("clerr")]
    [InlineData("baddn")]
    public async Task TORT_49_MessageThatIsNotWhole_EndsItsConnectionUnanswered(string name)
    {
        var time = new FakeTimeProvider();
        await using var slow = new TortureServer(time);
        using var peer = await TcpPeer.ConnectAsync(slow.EndPoint);
        await peer.SendAsync(new RequestText { CallId = "before" } + Encoding.Latin1.GetString(TortureMessages.Read(name)));
        Assert.Equal("before", (await peer.AnswerAsync()).One("Call-ID"));
        time.Advance(MessageDeadline);
        await peer.AssertEndsAsync();
    }

    [Fact]
    public async Task TORT_15_Clerr_WithTheOctetsItPromised_IsAMessage()
    {
        var message = Encoding.Latin1.GetString(TortureMessages.Read("clerr"));
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(message);
        await peer.SendAsync(new string('x', 9999 - 154));
        Assert.Equal("8 INVITE", (await peer.AnswerAsync()).One("CSeq"));
        await peer.AssertNextAnswerIsToOptionsAsync();
    }

    [Fact]
    public async Task TORT_28_Baddn_WithItsEmptyLine_Is400()
    {
        using var peer = await TcpPeer.ConnectAsync(server.EndPoint);
        await peer.SendAsync(Encoding.Latin1.GetString(TortureMessages.Read("baddn")) + "\r\n");
        Assert.Equal(400, (await peer.AnswerAsync()).Status);
        await peer.AssertNextAnswerIsToOptionsAsync();
    }

    /// <summary>Behind it the connection ends, and what a peer still sends may meet a closed socket.</summary>
    private static string HeadOf(string message) => message[..(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];

    private static int[] OverUdp(string name) => AnswerTests.Expected.Single(row => row.Data.Item1 == name).Data.Item2 is > 0 and var status ? [status] : [];
}
