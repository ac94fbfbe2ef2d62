using System.Text;
using CsCheck;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>The parser by itself: what it takes, its limits, and that nothing makes it throw.</summary>
public sealed class SdpParserTests
{
    private static readonly Gen<string> Token = Gen.Char["abcXYZ019-_.*/+"].Array[1, 12].Select(chars => new string(chars));
    private static readonly Gen<string> Number = Gen.ULong.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static readonly Gen<string> Value =
        Gen.Char['\u0001', '\u00FF'].Where(c => c is not ('\r' or '\n')).Array[0, 20].Select(chars => new string(chars));

    private static readonly Gen<SdpConnection> Connection =
        Gen.Select(Gen.Bool.Select(isIpv6 => isIpv6 ? "IP6" : "IP4"), Token, (type, address) => new SdpConnection(type, address));

    private static readonly Gen<SdpAttribute> Attribute =
        Gen.Select(Token, Gen.Bool, Value, (name, hasValue, value) => new SdpAttribute(name, hasValue ? value : null));

    private static readonly Gen<SdpMedia> Media = Gen.Select(
        Token, Gen.UShort, Token, Token.Array[1, 6], Connection.Null(), Attribute.Array[0, 5], (type, port, protocol, formats, connection, attributes) =>
            new SdpMedia { Type = type, Port = port, Protocol = protocol, Formats = formats, Connection = connection, Attributes = attributes });

    private static readonly Gen<SdpDescription> Description = Gen.Select(
        Gen.Select(Token, Number, Number, Token, Token, (user, id, version, type, address) => new SdpOrigin(user, id, version, type, address)),
        Connection.Null(), Attribute.Array[0, 5], Media.Array[0, 5], (origin, connection, attributes, media) =>
            new SdpDescription { Origin = origin, Connection = connection, Attributes = attributes, Media = media });

    [Fact]
    public void WhatIsWritten_IsReadBack() => Description.Sample(written =>
    {
        var text = SdpWriter.Write(written);
        var read = SdpText.Parse(text);
        Assert.Equal((written.Origin, written.Connection), (read.Origin, read.Connection));
        Assert.Equal(written.Attributes, read.Attributes);
        Assert.Equal(written.Media.Count, read.Media.Count);
        foreach (var (one, other) in written.Media.Zip(read.Media))
        {
            Assert.Equal((one.Type, one.Port, one.Protocol, one.Connection), (other.Type, other.Port, other.Protocol, other.Connection));
            Assert.Equal(one.Formats, other.Formats);
            Assert.Equal(one.Attributes, other.Attributes);
        }

        Assert.Equal(text, SdpWriter.Write(read));
    });

    [Fact]
    public void PrefixesAndMutations_NeverThrow() => Gen.Select(Description, Gen.Int, Gen.Select(Gen.Int, Gen.Byte).Array[0, 6]).Sample(
        (written, cut, changes) =>
        {
            var text = SdpWriter.Write(written);
            foreach (var (at, octet) in changes) text[(uint)at % text.Length] = octet;
            var length = (int)((uint)cut % (text.Length + 1));
            _ = SdpParser.TryParse(text.AsSpan(0, length), out _, out _);
            SdpText.Negotiator().Answer(text.AsSpan(0, length));
            var offering = SdpText.Negotiator();
            offering.Offer();
            offering.AcceptAnswer(text);
        });

    [Fact]
    public void RealOffers_CutAndChanged_NeverThrow() => Gen.Select(Gen.Int, Gen.Select(Gen.Int, Gen.Byte).Array[0, 4]).Sample((cut, changes) =>
    {
        var text = SdpText.Of(SdpText.AllFormats + "a=rtcp:5 IN IP4 192.0.2.3\na=ptime:20\na=maxptime:40\na=rtcp-mux\na=sendonly\n");
        foreach (var (at, octet) in changes) text[(uint)at % text.Length] = octet;
        SdpText.Negotiator().Answer(text.AsSpan(0, (int)((uint)cut % (text.Length + 1))));
    });

    [Fact]
    public void OA_11_MediaLines_AreLimitedTo32()
    {
        Assert.Equal(SdpError.None, ErrorOf(SdpText.Of(string.Concat(Enumerable.Repeat("m=audio 4 RTP/AVP 0\n", 32)))));
        Assert.Equal(SdpError.TooLarge, ErrorOf(SdpText.Of(string.Concat(Enumerable.Repeat("m=audio 4 RTP/AVP 0\n", 33)))));
    }

    [Fact]
    public void OA_11_Attributes_AreLimitedTo512EachSection()
    {
        var full = string.Concat(Enumerable.Repeat("a=x\n", 512));
        Assert.Equal(SdpError.None, ErrorOf(SdpText.Of($"{full}m=audio 4 RTP/AVP 0\n{full}m=audio 4 RTP/AVP 0\n{full}")));
        Assert.Equal(SdpError.TooLarge, ErrorOf(SdpText.Of($"{full}a=x\n")));
        Assert.Equal(SdpError.TooLarge, ErrorOf(SdpText.Of($"m=audio 4 RTP/AVP 0\n{full}a=x\n")));
    }

    [Fact]
    public void OA_11_Octets_AreLimitedTo64KiB()
    {
        var start = SdpText.Of("a=x:\n").Length;
        Assert.Equal(SdpError.None, ErrorOf(SdpText.Of($"a=x:{new string('y', (64 * 1024) - start)}\n")));
        Assert.Equal(SdpError.TooLarge, ErrorOf(SdpText.Of($"a=x:{new string('y', (64 * 1024) - start + 1)}\n")));
    }

    [Fact]
    public void OA_11_Formats_AreLimitedTo128()
    {
        Assert.Equal(SdpError.None, ErrorOf(SdpText.Of($"m=audio 4 RTP/AVP {string.Join(' ', Enumerable.Range(0, 128))}\n")));
        Assert.Equal(SdpError.TooLarge, ErrorOf(SdpText.Of($"m=audio 4 RTP/AVP {string.Join(' ', Enumerable.Range(0, 129))}\n")));
    }

    [Theory]
    [InlineData("v=0\no=- 1 1 IN IP4 a\ns=-\nt=0 0\nx=unknown\nm=audio 4 RTP/AVP 0 \ni=title\n", nameof(SdpError.None))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\ns=-\nt=0 0\n\n", nameof(SdpError.None))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\ns=-\nt=0 0\n\nm=audio 4 RTP/AVP 0\n", nameof(SdpError.Line))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\ns=-\n", nameof(SdpError.Order))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\nt=0 0\ns=-\n", nameof(SdpError.Order))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\ns=-\nm=audio 4 RTP/AVP 0\nt=0 0\n", nameof(SdpError.Order))]
    [InlineData("v=0\ns=-\no=- 1 1 IN IP4 a\nt=0 0\n", nameof(SdpError.Order))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\no=- 1 1 IN IP4 a\nt=0 0\n", nameof(SdpError.Order))]
    [InlineData("v=0\no=- 1 x IN IP4 a\nt=0 0\n", nameof(SdpError.Origin))]
    [InlineData("v=0\no=- 1 1 IN IP4\nt=0 0\n", nameof(SdpError.Origin))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\nc=IN IP4\nt=0 0\n", nameof(SdpError.Connection))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\nt=0 0\nm=audio 4/x RTP/AVP 0\n", nameof(SdpError.Media))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\nt=0 0\nm=audio 4/2 RTP/AVP 0\n", nameof(SdpError.None))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\nt=0 0\nm=audio  RTP/AVP 0\n", nameof(SdpError.Media))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\nt=0 0\na=\n", nameof(SdpError.Attribute))]
    [InlineData("v=0\no=- 1 1 IN IP4 a\nt=0 0\nnonsense\n", nameof(SdpError.Line))]
    [InlineData("", nameof(SdpError.Order))]
    public void OA_01_Lines_AreTakenInTheirOrder(string text, string error) =>
        Assert.Equal(error, ErrorOf(Encoding.Latin1.GetBytes(text)).ToString());

    private static SdpError ErrorOf(byte[] text)
    {
        var isRead = SdpParser.TryParse(text, out _, out var error);
        Assert.Equal(isRead, error == SdpError.None);
        return error;
    }
}
