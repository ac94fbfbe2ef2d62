using System.Net;
using System.Text;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests;

/// <summary>The way of a REGISTER refresh allocates nothing (ruling 42).</summary>
public sealed class AllocationTests
{

    private const string Credentials = "Digest username=\"alice\", realm=\"example.com\", nonce=\"aaqG9QAAAAAAAAPpnPMZCK5Wwq4vJ1nCEvsx2g\", uri=\"sip:example.com\", "
        + "response=\"6629fae49393a05397450978507c4ef1\", algorithm=MD5, qop=auth, nc=00000002, cnonce=\"0a4f113b\"";

    private static readonly byte[] Register = new RequestText
    {
        Method = "REGISTER",
        Headers = "Contact: <sip:alice@192.0.2.10:40000;ob>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000aacc0ffee>\";reg-id=1\r\n"
            + $"Expires: 600\r\nAllow: INVITE, ACK, BYE\r\nUser-Agent: Phone/1.0\r\nSupported: path,\r\n outbound\r\nAuthorization: {Credentials}\r\n",
    }.ToOctets();

    private static readonly SipFlow Flow = new(
        SipTransport.Udp, new TransportAddress(IPEndPoint.Parse("[2001:db8::9]:40000")), new TransportAddress(IPEndPoint.Parse("[2001:db8::1]:5060")), 0);

    [Fact]
    public void ParseAndRead_Register_AllocatesNothing()
    {
        var message = new SipMessage();
        var buffer = new byte[Register.Length];
        AssertNoAllocation(() =>
        {
            Register.CopyTo(buffer, 0);
            Assert(SipParser.TryParseDatagram(buffer, 0, buffer.Length, message) && SipRequest.TryRead(message, out _, out _));
            Register.CopyTo(buffer, 0);
            Assert(StreamFramer.Frame(buffer, 0, buffer.Length, message, out _) == FrameStatus.Message);
        });
    }

    [Fact]
    public void Contact_ReadAndCompare_AllocatesNothing()
    {
        var message = ParsedMessage.Datagram(Register);
        AssertNoAllocation(() =>
        {
            foreach (var value in message.Values(HeaderId.Contact))
            {
                Assert(NameAddress.TryParse(value, out var contact));
                Assert(HeaderParameters.TryFind(contact.Parameters, "+sip.instance"u8, out _));
                Assert(SipUriComparison.AreEqual(contact.Uri.Text, "sip:%61lice@192.0.2.10:40000"u8));
                Assert(TransportAddress.TryParseHost(contact.Uri.Host, contact.Uri.Port, out _));
            }
        });
    }

    [Fact]
    public void Nonce_CreateAndRead_AllocatesNothing()
    {
        var nonces = new NonceFactory(new byte[NonceFactory.KeyLength], 0);
        var text = new byte[NonceFactory.TextLength];
        AssertNoAllocation(() =>
        {
            nonces.Create(1, "example.com"u8, text);
            Assert(nonces.TryRead(text, "example.com"u8, out _));
            Assert(!nonces.TryRead(text, "example.org"u8, out _));
        });
    }

    [Theory]
    [InlineData("MD5")]
    [InlineData("SHA-256")]
    [InlineData("SHA-512-256-sess")]
    public void Digest_ReadAndCalculate_AllocatesNothing(string algorithm)
    {
        var calculator = new DigestCalculator();
        var text = Credentials.Replace("=MD5, qop=auth", $"={algorithm}, qop=auth-int", StringComparison.Ordinal);
        if (algorithm != "MD5") text = text.Replace("response=\"", $"response=\"{new string('0', 32)}", StringComparison.Ordinal);
        var value = Encoding.ASCII.GetBytes(text);
        var secret = DigestValue.Read(new byte[algorithm == "MD5" ? DigestValue.ShortLength : DigestValue.LongLength]);
        AssertNoAllocation(() =>
        {
            Assert(DigestCredentials.TryParse(value, out var credentials));
            Assert(!DigestValue.FixedTimeEquals(calculator.Response(secret, "REGISTER"u8, "body"u8, credentials), credentials.Response));
        });
    }

    [Fact]
    public void Response_Write_AllocatesNothing()
    {
        var message = ParsedMessage.Datagram(Register);
        var tags = new ToTagFactory();
        var writer = new SipWriter();
        var buffer = new byte[2000];
        AssertNoAllocation(() =>
        {
            writer.Reset(buffer);
            ResponseWriter.Begin(writer, message, Flow, 200, SipStatus.ReasonOf(200), tags.Create(message));
            DigestChallenge.Write(writer, "WWW-Authenticate"u8, "example.com"u8, "nonce"u8, DigestAlgorithm.Sha256, stale: true);
            writer.Date(DateTimeOffset.UnixEpoch);
            writer.EndLine();
            ResponseWriter.End(writer);
            Assert(!writer.Overflowed && ResponseWriter.Destination(message, Flow) == Flow.Source);
        });
    }

    [Fact]
    public void Stun_Answer_AllocatesNothing()
    {
        var request = Convert.FromHexString("000100002112a442b7e7a701bc34d686fa87dfae");
        var answer = new byte[64];
        AssertNoAllocation(() => Assert(DatagramTriage.Classify(request) == DatagramKind.Stun && StunBinding.Answer(request, Flow.Source, answer) == 44));
    }

    private static void AssertNoAllocation(Action call) => Xunit.Assert.Equal(0, Allocations.Of(call));

    private static void Assert(bool condition)
    {
        if (!condition) Xunit.Assert.Fail("The call under test did not do its work.");
    }
}
