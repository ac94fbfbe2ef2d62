using System.Buffers;
using System.Text;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Trace;

public sealed class TraceTextTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 4, 4, 5, 67, TimeSpan.FromHours(1));

    [Fact]
    public void Messages_AreWrittenWithTimeAndWay() => Assert.Equal(
        "--- 2026-01-02 03:04:05.067 UTC  UDP  192.0.2.10:40000 -> 192.0.2.1:5060  received\r\nOPTIONS sip:h SIP/2.0\r\n\r\n\r\n\r\n"
        + "--- 2026-01-02 03:04:05.067 UTC  TCP  [2001:db8::1]:5060 -> [2001:db8::9]:40000  sent\r\nSIP/2.0 200 OK\r\n\r\nbody\r\n\r\n",
        Written(
            TraceFixture.MessageOf("OPTIONS sip:h SIP/2.0\r\n\r\n", at: At),
            TraceFixture.MessageOf(
                "SIP/2.0 200 OK\r\n\r\nbody", TraceDirection.Sent, TraceFixture.FlowOf("[2001:db8::9]:40000", "[2001:db8::1]:5060", SipTransport.Tcp), at: At)));

    [Fact]
    public void CutMessage_SaysSo() =>
        Assert.EndsWith("sent\r\nMESSAGE\r\n[7 more octets were not kept]\r\n\r\n", Written(TraceFixture.MessageOf("MESSAGE", TraceDirection.Sent, cut: 7)), StringComparison.Ordinal);

    [Fact]
    public void ControlCharacters_CannotCommandATerminal() =>
        Assert.EndsWith("received\r\na?[2Jb?c\td??\r\n\r\n", Written(TraceFixture.MessageOf("a\u001b[2Jb\0c\td\u007f\u0008")), StringComparison.Ordinal);

    private static string Written(params TracedMessage[] messages)
    {
        var output = new ArrayBufferWriter<byte>();
        TraceText.Write(output, messages);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
