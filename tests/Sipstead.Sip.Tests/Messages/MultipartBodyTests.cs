using System.Text;
using CsCheck;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

/// <summary>The SDP of a body, alone or among other parts.</summary>
public sealed class MultipartBodyTests
{
    private const string Sdp = "v=0\r\ns=-\r\n";

    [Fact]
    public void UAS_04_PlainBody_IsTakenWhole() => Assert.Equal(Sdp, Find("application/sdp", Sdp));

    [Theory]
    [InlineData("multipart/mixed;boundary=b1")]
    [InlineData("Multipart/Mixed; boundary=\"b1\"")]
    public void UAS_04_PartOfMultipart_IsFound(string type) =>
        Assert.Equal(Sdp, Find(type, $"preamble\r\n--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1\r\ncontent-type : APPLICATION/SDP;x=y\r\n\r\n{Sdp}\r\n--b1--\r\n"));

    [Theory]
    [InlineData("multipart/mixed;boundary=b1", "--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1--\r\n")]
    [InlineData("multipart/mixed;boundary=b1", "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n")]
    [InlineData("multipart/mixed;boundary=b1", "--b1\r\nContent-Type: application/sdp\r\n--b1--")]
    [InlineData("multipart/mixed;boundary=b1", "")]
    [InlineData("multipart/mixed;boundary=\"\"", "--\r\n\r\n--")]
    [InlineData("multipart/mixed", "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b1--")]
    [InlineData("multipart/mixed;", "x")]
    public void UAS_04_NoSuchPart_GivesNothing(string type, string body) => Assert.Equal("", Find(type, body));

    [Fact]
    public void UAS_04_AnyBody_IsReadWithoutFailure() =>
        Gen.Char["-b1\r\n:C;"].Array[0, 200].Select(text => new string(text)).Sample(body => Find("multipart/mixed;boundary=b1", body).Length <= body.Length);

    private static string Find(string type, string body)
    {
        var octets = Encoding.UTF8.GetBytes(
            $"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        var message = new SipMessage();
        SipParser.TryParseDatagram(octets, 0, octets.Length, message);
        return Encoding.UTF8.GetString(MultipartBody.Find(message, "application/sdp"u8));
    }
}
