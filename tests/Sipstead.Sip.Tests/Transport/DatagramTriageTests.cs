using System.Text;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class DatagramTriageTests
{
    [Theory]
    [InlineData("", DatagramKind.KeepAlive)]
    [InlineData("\r\n\r\n", DatagramKind.KeepAlive)]
    [InlineData("\n", DatagramKind.KeepAlive)]
    [InlineData("\0", DatagramKind.KeepAlive)]
    [InlineData("\0\0\0\0", DatagramKind.KeepAlive)]
    [InlineData("\r\n\0", DatagramKind.KeepAlive)]
    [InlineData("\0\x01", DatagramKind.Stun)]
    [InlineData("\x01", DatagramKind.Stun)]
    [InlineData("\x02", DatagramKind.Stun)]
    [InlineData("\x03", DatagramKind.Stun)]
    [InlineData("\x04", DatagramKind.Sip)]
    [InlineData(" ", DatagramKind.Sip)]
    [InlineData("\r\nOPTIONS", DatagramKind.Sip)]
    [InlineData("OPTIONS", DatagramKind.Sip)]
    [InlineData("\xff", DatagramKind.Sip)]
    public void Classify_ByTheFirstOctets(string datagram, object kind) => Assert.Equal(kind, DatagramTriage.Classify(Encoding.Latin1.GetBytes(datagram)));
}
