using System.Globalization;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Messages;

/// <summary>MSG duties 01 to 18, 20 and 21: RFC 3261 7, 20, 25 (conformance.md). Torture messages have tests of their own.</summary>
public sealed class MessageSyntaxTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    public void MSG_01_BareLineBreak_IsRefusedEverywhere_OnDatagramAndStreamAlike(string lineBreak)
    {
        var whole = new RequestText { Headers = "Subject: x\r\n" }.ToString();
        for (var at = whole.IndexOf("\r\n", StringComparison.Ordinal); at >= 0; at = whole.IndexOf("\r\n", at + 2, StringComparison.Ordinal))
        {
            var text = string.Concat(whole.AsSpan(0, at), lineBreak, whole.AsSpan(at + 2));
            var octets = Encoding.Latin1.GetBytes(text + "\r\n\r\n");
            Assert.Equal(SipError.BareLineBreak, ParsedMessage.ErrorOf(octets));
            Assert.Contains(nameof(SipError.BareLineBreak), StreamReading.Read(octets, octets.Length, out var broken)[0], StringComparison.Ordinal);
            Assert.True(broken);
        }
    }

    [Fact]
    public void MSG_02_LineBreaksBeforeTheStartLineOfAStream_AreSkipped()
    {
        var message = new RequestText().ToString();
        var octets = Encoding.Latin1.GetBytes(string.Concat("\r\n\r\n\r\n", message, "\r\n", message, "\r\n\r\n"));
        Assert.Equal(2, StreamReading.Whole(octets).Count);
        Assert.Equal(StreamReading.Whole(octets), StreamReading.OctetByOctet(octets));
    }

    [Theory]
    [InlineData("VIA", "vIa", true)]
    [InlineData("content-length", "CONTENT-LENGTH", true)]
    public void MSG_03_HeaderNames_AreCompared_WithoutCase(string a, string b, bool same) =>
        Assert.Equal(same, HeaderNameTable.Find(Encoding.ASCII.GetBytes(a)) == HeaderNameTable.Find(Encoding.ASCII.GetBytes(b)));

    [Fact]
    public void MSG_03_MethodsAndTags_AreCompared_WithCase()
    {
        var message = ParsedMessage.Datagram(new RequestText { Method = "options", From = "<sip:A@h>;TAG=AbC", CallId = "CaSe@X" }.ToOctets());
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal(SipMethod.Unknown, request.Method);
        Assert.Equal("AbC", ParsedMessage.Text(request.From.Tag));
        Assert.Equal("CaSe@X", ParsedMessage.Text(request.CallId));
        Assert.False(SipUriComparison.AreEqual("sip:A@h"u8, "sip:a@h"u8));
    }

    [Fact]
    public void MSG_04_OnlySpaceAndTab_MayStandBeforeTheColon()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            if (octet == ':') continue;
            var isTokenOctet = octet < 128 && (char.IsAsciiLetterOrDigit((char)octet) || "-.!%*_+`'~".Contains((char)octet, StringComparison.Ordinal));
            var error = ParsedMessage.ErrorOf(new RequestText { Headers = $"Subject{(char)octet}: x\r\n" });
            var expected = octet switch
            {
                ' ' or '\t' => SipError.None,
                '\r' or '\n' => SipError.BareLineBreak,
                _ when isTokenOctet => SipError.None, // another name, unknown
                _ => SipError.BadHeaderName,
            };
            Assert.Equal(expected, error);
        }
    }

    [Theory]
    [InlineData("\x0b")]
    [InlineData("\x0c")]
    [InlineData("\x85")]
    [InlineData("\xa0")]
    [InlineData("\0")]
    public void MSG_04_WhatDotNetCallsWhiteSpace_IsNotStrippedFromValues(string octet)
    {
        var message = ParsedMessage.Datagram(new RequestText { Headers = $"Subject: {octet}x{octet} \r\n" }.ToOctets());
        Assert.Equal($"{octet}x{octet}", ParsedMessage.Text(message.Value(HeaderId.Subject)));
        Assert.Equal(SipError.BadCSeq, ParsedMessage.ErrorOf(new RequestText { CSeq = $"{octet}1 OPTIONS" }));
    }

    [Theory]
    [InlineData("j")]
    [InlineData("a")]
    [InlineData("d")]
    [InlineData("n")]
    [InlineData("y")]
    public void MSG_05_CompactFormsThatNothingReads_AreKept(string name)
    {
        var message = ParsedMessage.Datagram(new RequestText { Headers = $"{name}: value\r\n" }.ToOctets());
        Assert.Equal(SipError.None, message.Error);
        Assert.Equal("value", message.Value(name));
    }

    [Fact]
    public void MSG_05_LongAndCompactForms_CombineInOrderOfAppearance()
    {
        var message = ParsedMessage.Datagram(new RequestText { Headers = "m: <sip:1@h>\r\nContact: <sip:2@h>, <sip:3@h>\r\nM: <sip:4@h>\r\n" }.ToOctets());
        Assert.Equal(["<sip:1@h>", "<sip:2@h>", "<sip:3@h>", "<sip:4@h>"], message.All(HeaderId.Contact));
    }

    [Fact]
    public void MSG_06_FoldedLines_AreJoinedWithOneSpace_InsideQuotesToo()
    {
        var message = ParsedMessage.Datagram(new RequestText { From = "\"Bell,\r\n \t Alexander\"\r\n\t<sip:a@h>\r\n ;tag=1" }.ToOctets());
        Assert.Equal("\"Bell, Alexander\" <sip:a@h> ;tag=1", ParsedMessage.Text(message.Value(HeaderId.From)));
        Assert.True(SipRequest.TryRead(message, out _, out _));
    }

    [Fact]
    public void MSG_06_FoldedLineAfterTheStartLine_IsRefused() =>
        Assert.Equal(SipError.FoldedFirstLine, ParsedMessage.ErrorOf(new RequestText().ToString().Replace("SIP/2.0\r\n", "SIP/2.0\r\n ", StringComparison.Ordinal)));

    [Fact]
    public void MSG_07_RepeatedLists_EqualOneCombinedHeader()
    {
        var apart = ParsedMessage.Datagram(new RequestText { Headers = "Route: <sip:1@h>\r\nRoute: <sip:2@h>\r\n" }.ToOctets());
        var combined = ParsedMessage.Datagram(new RequestText { Headers = "Route: <sip:1@h> ,<sip:2@h>\r\n" }.ToOctets());
        Assert.Equal(apart.All(HeaderId.Route), combined.All(HeaderId.Route));
    }

    [Fact]
    public void MSG_07_Credentials_AreNeverSplitAtCommas()
    {
        const string first = "Digest username=\"a\", realm=\"one\"", second = "Digest username=\"a\", realm=\"two\"";
        var message = ParsedMessage.Datagram(new RequestText { Headers = $"Authorization: {first}\r\nAuthorization: {second}\r\n" }.ToOctets());
        var lines = new List<string>();
        foreach (ref readonly var header in message.Headers)
        {
            if (header.Id == HeaderId.Authorization) lines.Add(ParsedMessage.Text(message.ValueOf(header)));
        }

        Assert.Equal([first, second], lines);
        Assert.Equal(SipError.None, message.Error);
    }

    [Theory]
    [InlineData("To: <sip:a@h>")]
    [InlineData("f: <sip:a@h>")]
    [InlineData("Call-ID: a84b4c76e66710@192.0.2.10")]
    [InlineData("CSeq: 1 OPTIONS")]
    [InlineData("Max-Forwards: 70")]
    [InlineData("l: 0")]
    [InlineData("Content-Type: a/b\r\nc: a/b")]
    [InlineData("Expires: 1\r\nExpires: 1")]
    [InlineData("Event: x\r\no: x")]
    [InlineData("Min-Expires: 1\r\nMin-Expires: 1")]
    [InlineData("Session-Expires: 1\r\nx: 1")]
    public void MSG_08_SingleHeaderTwice_IsRefused(string lines) => Assert.Equal(SipError.RepeatedHeader, ParsedMessage.ErrorOf(new RequestText { Headers = lines + "\r\n" }));

    [Fact]
    public void MSG_09_CommasInsideBracketsOrQuotes_DoNotSplit()
    {
        const string one = "\"Bell, A\" <sip:a,b@h;x=1,2>;p=\",\"", two = "<sip:c@h?h=1,2>";
        Assert.Equal([one, two], ParsedMessage.Datagram(new RequestText { Headers = $"Contact: {one}, {two}\r\n" }.ToOctets()).All(HeaderId.Contact));
        Assert.Equal([one, two], ParsedMessage.Datagram(new RequestText { Headers = $"Route: {one},{two}\r\n" }.ToOctets()).All(HeaderId.Route));
        var vias = ParsedMessage.Datagram(new RequestText { Via = "SIP/2.0/UDP a;x=\"1,2\",SIP/2.0/UDP b" }.ToOctets()).All(HeaderId.Via);
        Assert.Equal(["SIP/2.0/UDP a;x=\"1,2\"", "SIP/2.0/UDP b"], vias);
    }

    [Theory]
    [InlineData("\"a \\\" b\" <sip:a@h>;tag=1", SipError.None)]
    [InlineData("\"\xc3\xa9\xe6\x97\xa5\" <sip:a@h>;tag=1", SipError.None)]
    [InlineData("\"a\\\\\" <sip:a@h>;tag=1", SipError.None)]
    [InlineData("\"a\\\" <sip:a@h>;tag=1", SipError.BadFrom)]
    [InlineData("\"a <sip:a@h>;tag=1", SipError.BadFrom)]
    [InlineData("a\" <sip:a@h>;tag=1", SipError.BadFrom)]
    public void MSG_10_QuotedString_MustEnd(string from, SipError error) => Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { From = from }));

    [Fact]
    public void MSG_11_WithoutBrackets_SemicolonsBeginHeaderParameters()
    {
        Assert.True(NameAddress.TryParse("sip:a@h;unknownparam"u8, out var bare));
        Assert.Equal(";unknownparam", ParsedMessage.Text(bare.Parameters));
        Assert.True(bare.Uri.Parameters.IsEmpty);
        Assert.True(NameAddress.TryParse("<sip:a@h;unknownparam>"u8, out var bracketed));
        Assert.True(bracketed.Parameters.IsEmpty);
        Assert.Equal(";unknownparam", ParsedMessage.Text(bracketed.Uri.Parameters));
        Assert.False(NameAddress.TryParse("sip:a@h?Route=x"u8, out _));
        Assert.False(NameAddress.TryParse("sip:a,b@h"u8, out _));
    }

    [Theory]
    [InlineData("0 OPTIONS", SipError.None)]
    [InlineData("2147483647 OPTIONS", SipError.None)]
    [InlineData("4294967295 OPTIONS", SipError.None)]
    [InlineData("4294967296 OPTIONS", SipError.BadCSeq)]
    [InlineData("+5 OPTIONS", SipError.BadCSeq)]
    [InlineData("5\0 OPTIONS", SipError.BadCSeq)]
    [InlineData("\xb25 OPTIONS", SipError.BadCSeq)]
    public void MSG_12_CSeq_IsBoundedDigits(string cseq, SipError error) => Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { CSeq = cseq }));

    [Theory]
    [InlineData("0", SipError.None)]
    [InlineData("255", SipError.None)]
    [InlineData("256", SipError.BadMaxForwards)]
    [InlineData("-1", SipError.BadMaxForwards)]
    [InlineData("+1", SipError.BadMaxForwards)]
    [InlineData("7 0", SipError.BadMaxForwards)]
    [InlineData("", SipError.BadMaxForwards)]
    public void MSG_12_MaxForwards_IsBoundedDigits(string value, SipError error) =>
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText().ToString().Replace("Max-Forwards: 70", $"Max-Forwards: {value}", StringComparison.Ordinal)));

    [Theory]
    [InlineData("+0", SipError.BadContentLength)]
    [InlineData("0 0", SipError.BadContentLength)]
    [InlineData("0\0", SipError.BadContentLength)]
    [InlineData("0x0", SipError.BadContentLength)]
    [InlineData("-0", SipError.BadContentLength)]
    [InlineData("18446744073709551616", SipError.BadContentLength)]
    [InlineData("000", SipError.None)]
    public void MSG_12_ContentLength_IsBoundedDigits(string value, SipError error) => Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { ContentLength = value }));

    [Theory]
    [InlineData("1", true)]
    [InlineData("65535", true)]
    [InlineData("0", false)]
    [InlineData("65536", false)]
    [InlineData("4294967297", false)]
    [InlineData("+1", false)]
    public void MSG_12_Port_IsBoundedDigits(string port, bool accepted) =>
        Assert.Equal(accepted ? SipError.None : SipError.BadVia, ParsedMessage.ErrorOf(new RequestText { Via = $"SIP/2.0/UDP h:{port};branch=z9hG4bKx" }));

    [Fact]
    public void MSG_13_Escapes_AreDecodedOnce_AndNulIsAnOctet()
    {
        Span<byte> octets = stackalloc byte[32];
        Assert.True(SipUri.TryUnescape("value%25%34%31"u8, octets, out var length));
        Assert.Equal("value%41", ParsedMessage.Text(octets[..length]));
        Assert.True(SipUri.TryUnescape("a%00b"u8, octets, out length));
        Assert.Equal("a\0b", ParsedMessage.Text(octets[..length]));
        Assert.True(SipUriComparison.AreEqual("sip:%61%00@h"u8, "sip:a%00@h"u8));
        Assert.False(SipUriComparison.AreEqual("sip:a%00@h"u8, "sip:a@h"u8));
    }

    [Fact]
    public void MSG_14_OctetsThatAreNoText_KeepEveryLength()
    {
        var octets = Encoding.Latin1.GetString([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        var header = octets.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        var message = ParsedMessage.Datagram(new RequestText { Headers = $"X: <{header}>\r\n", Body = octets }.ToOctets());
        Assert.Equal(SipError.None, message.Error);
        Assert.Equal($"<{header}>", message.Value("X"));
        Assert.Equal(octets, ParsedMessage.Text(message.Body));
    }

    [Theory]
    [InlineData("100 ", SipError.None)]
    [InlineData("699", SipError.None)]
    [InlineData("200 \xd0\xbd\xd0\xbe", SipError.None)]
    [InlineData("99 x", SipError.BadStatusCode)]
    [InlineData("700 x", SipError.BadStatusCode)]
    [InlineData("4294967496 x", SipError.BadStatusCode)]
    [InlineData("2 00", SipError.BadStatusCode)]
    public void MSG_15_StatusCode_Is100To699(string rest, SipError error)
    {
        var text = new RequestText().ToString();
        Assert.Equal(error, ParsedMessage.Datagram($"SIP/2.0 {rest}{text[text.IndexOf("\r\n", StringComparison.Ordinal)..]}").Error);
    }

    [Theory]
    [InlineData("SIP/3.0")]
    [InlineData("SIP/2.1")]
    [InlineData("SIP/20.0")]
    [InlineData("SIP/2.00")]
    public void MSG_16_OtherVersion_Is505(string version)
    {
        Assert.Equal(SipError.BadVersion, ParsedMessage.ErrorOf(new RequestText { Version = version }));
        Assert.Equal(505, SipErrors.StatusOf(SipError.BadVersion));
    }

    [Fact]
    public void MSG_17_UnknownHeadersAndParameters_AreKept()
    {
        var message = ParsedMessage.Datagram(new RequestText
        {
            Via = "SIP/2.0/UDP h;branch=z9hG4bKx;new=\"1\", SIP/2.0/UNKNOWN t4.example.com;what",
            From = "<sip:a@h;new=1>;tag=1;other",
            Headers = "New-Header: ;;,,;\r\n",
        }.ToOctets());
        Assert.True(SipRequest.TryRead(message, out _, out _));
        Assert.Equal(";;,,;", message.Value("New-Header"));
    }

    [Fact]
    public void MSG_18_UnusableDate_IsIgnored() => Assert.Equal(SipError.None, ParsedMessage.ErrorOf(new RequestText { Headers = "Date: Fri, 01 Jan 2010 16:00:00 EST\r\n" }));

    [Fact]
    public void MSG_18_GeneratedDate_IsGmtInEnglish_WhateverTheCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.DateTimeFormat.AbbreviatedDayNames = ["q", "w", "e", "r", "t", "z", "u"];
        culture.DateTimeFormat.AbbreviatedMonthNames = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", ""];
        try
        {
            CultureInfo.CurrentCulture = culture;
            var writer = new SipWriter();
            writer.Reset(new byte[40]);
            writer.Date(new DateTimeOffset(2026, 3, 1, 0, 30, 0, TimeSpan.FromHours(5)));
            Assert.Equal("Sat, 28 Feb 2026 19:30:00 GMT", ParsedMessage.Text(writer.Written));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
