using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>TORT: the facts that the table says must be checked, as far as they show in a parsed message.</summary>
public sealed class FactTests
{
    [Fact]
    public void TORT_01_Wsinv_EveryOddForm_IsRead()
    {
        var message = Parse("wsinv");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal(9u, request.CSeq);
        Assert.Equal("0068", Text(message.Value(HeaderId.MaxForwards)));
        Assert.Equal("1918181833n", Text(request.To.Tag));
        Assert.Equal("\"J Rosenberg \\\\\\\"\"", Text(request.From.DisplayName));
        Assert.Equal("98asjd8", Text(request.From.Tag));
        Assert.True(message.Has(HeaderId.Subject));
        Assert.True(message.Value(HeaderId.Subject).IsEmpty);
        Assert.Equal("newfangled value continued newfangled value", message.Value("NewFangledHeader"));
        Assert.Equal(";;,,;;,;", message.Value("UnknownHeaderWithUnusualValue"));
        Assert.Equal("390skdjuw", Text(request.Via.Branch));
        Assert.Equal(["UDP 192.0.2.2 390skdjuw", "TCP spindle.example.com z9hG4bK9ikj8", "UDP 192.168.255.111 z9hG4bK30239"], Vias(message));
        Assert.True(NameAddress.TryParse(message.Value(HeaderId.Contact), out var contact));
        Assert.Equal("\"Quoted string \\\"\\\"\"", Text(contact.DisplayName));
        Assert.Equal("newvalue", Parameter(contact.Parameters, "newparam"));
        Assert.Equal("0.33", Parameter(contact.Parameters, "q"));
        Assert.True(NameAddress.TryParse(message.Value(HeaderId.Route), out var route));
        Assert.True(route.Uri.TryGetParameter("lr"u8, out _));
        Assert.Equal(150, message.Body.Length);
    }

    [Fact]
    public void TORT_02_Intmeth_EveryCharacter_IsKept()
    {
        var message = Parse("intmeth");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", Text(message.MethodToken));
        Assert.Equal(SipMethod.Unknown, request.Method);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", Text(request.Uri.User));
        Assert.Equal("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)", Text(request.Uri.Password));
        Assert.Equal("example.com", Text(request.Uri.Host));
        Assert.Equal("\"BEL:\\\a NUL:\\\0 DEL:\\\x7f\"", Text(request.To.DisplayName));
        Assert.StartsWith("\"\xd1\x80\xd0\xb0", Parameter(request.From.Parameters, "fromParam''~+*_!.-%"), StringComparison.Ordinal);
        Assert.Equal("_token~1'+`*%!-.", Text(request.From.Tag));
        Assert.Equal("\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb", message.Value("extensionHeader-!.%*+_`'~"));
        Assert.Equal("255", Text(message.Value(HeaderId.MaxForwards)));
        Assert.Equal(139122385u, request.CSeq);
    }

    [Fact]
    public void TORT_03_Esc01_Escapes_AreDecodedOnceAndOnlyWithinTheirPart()
    {
        var message = Parse("esc01");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal(UriScheme.Sip, request.Uri.Scheme);
        Assert.Equal("example.net", Text(request.Uri.Host));
        Assert.Equal("sips:user@example.com", Unescape(request.Uri.User));
        Assert.Equal("user", Unescape(request.To.Uri.User));
        Assert.Equal("I have spaces", Unescape(request.From.Uri.User));
        Assert.True(NameAddress.TryParse(message.Value(HeaderId.Contact), out var contact));
        Assert.Equal("caller", Unescape(contact.Uri.User));
        Assert.True(contact.Uri.TryGetParameter("lr"u8, out _));
        Assert.True(contact.Uri.TryGetParameter("name"u8, out var value));
        Assert.Equal("value%41", Unescape(value));
    }

    [Fact]
    public void TORT_04_Escnull_Nul_IsAnOctetOfTheName()
    {
        var message = Parse("escnull");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal("null-\0-null", Unescape(request.To.Uri.User));
        var contacts = message.All(HeaderId.Contact);
        Assert.Equal(["<sip:%00@host5.example.com>", "<sip:%00%00@host5.example.com>"], contacts);
        Assert.False(SipUriComparison.AreEqual("sip:%00@host5.example.com"u8, "sip:%00%00@host5.example.com"u8));
    }

    [Fact]
    public void TORT_05_Esc02_PercentOutsideUris_IsNoEscape()
    {
        var message = Parse("esc02");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal(SipMethod.Unknown, request.Method);
        Assert.Equal("\"%Z%45\"", Text(request.To.DisplayName));
        Assert.Equal("z9hG4bK209%fzsnel234", Text(request.Via.Branch));
        Assert.Equal(["<sip:alias1@host1.example.com>", "<sip:alias3@host3.example.com>"], message.All(HeaderId.Contact));
        Assert.Equal("<sip:alias2@host2.example.com>", message.Value("C%6Fntact"));
    }

    [Fact]
    public void TORT_06_Lwsdisp_DisplayNameNeedsNoSpaceBehindIt()
    {
        Assert.True(SipRequest.TryRead(Parse("lwsdisp"), out var request, out _));
        Assert.Equal("caller", Text(request.From.DisplayName));
        Assert.Equal("sip:caller@example.com", Text(request.From.Uri.Text));
        Assert.Equal("323", Text(request.From.Tag));
    }

    [Fact]
    public void TORT_07_Longreq_PassesTheDefaultLimits()
    {
        var message = Parse("longreq");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal(3515, message.Length);
        var vias = message.All(HeaderId.Via);
        Assert.Equal(34, vias.Count);
        Assert.Equal("SIP/2.0/TCP sip33.example.com", vias[0]);
        Assert.StartsWith("longreq.onereally", Text(request.CallId), StringComparison.Ordinal);
        Assert.StartsWith("12982982982982982982982982", Text(request.From.Tag), StringComparison.Ordinal);
        Assert.Equal(150, message.Body.Length);
    }

    [Fact]
    public void TORT_09_Semiuri_SemicolonsOfTheUser_AreNoUriParameters()
    {
        var message = Parse("semiuri");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.Equal("user;par=u@example.net", Unescape(request.Uri.User));
        Assert.Equal("example.com", Text(request.Uri.Host));
        Assert.True(request.Uri.Parameters.IsEmpty);
        Assert.Equal(6, message.All(HeaderId.Accept).Count);
    }

    [Fact]
    public void TORT_10_Transports_UnknownOnesInLowerVias_AreKeptInOrder() => Assert.Equal(
        ["UDP t1.example.com z9hG4bKkdjuw", "SCTP t2.example.com z9hG4bKklasjdhf", "TLS t3.example.com z9hG4bK2980unddj", "UNKNOWN t4.example.com z9hG4bKasd0f3en", "TCP t5.example.com z9hG4bK0a9idfnee"],
        Vias(Parse("transports")));

    [Fact]
    public void TORT_11_Mpart01_Body_IsKeptOctetForOctet()
    {
        var octets = TortureMessages.Read("mpart01");
        var message = Parse("mpart01");
        Assert.Equal(553, message.Body.Length);
        Assert.True(message.Body.SequenceEqual(octets.AsSpan(octets.Length - 553)));
        Assert.True(message.Body.Contains((byte)0));
        Assert.Equal(SipMethod.Message, message.Method);
        Assert.True(message.Has(HeaderId.Route));
    }

    [Fact]
    public void TORT_12_Unreason_Reason_IsKeptAsUtf8()
    {
        var message = Parse("unreason");
        Assert.Equal(200, message.StatusCode);
        Assert.StartsWith("= 2**3 * 5**2 \u043d\u043e", System.Text.Encoding.UTF8.GetString(message.Reason), StringComparison.Ordinal);
        Assert.Equal(154, message.Body.Length);
    }

    [Fact]
    public void TORT_13_Noreason_Reason_IsEmpty()
    {
        var message = Parse("noreason");
        Assert.Equal(100, message.StatusCode);
        Assert.True(message.Reason.IsEmpty);
    }

    [Fact]
    public void TORT_15_Clerr_BodyIsWhatCame() => Assert.Equal(154, Parse("clerr").Body.Length);

    [Fact]
    public void TORT_16_Ncl_NegativeLength_IsNoLength() => Assert.Equal(-1, Parse("ncl").ContentLength);

    [Fact]
    public void TORT_17_Scalar02_CSeqAlone_IsReasonEnough()
    {
        var text = Text(TortureMessages.Read("scalar02"));
        Assert.Contains("Max-Forwards: 300", text, StringComparison.Ordinal);
        Assert.Equal(SipError.BadCSeq, ParsedMessage.ErrorOf(text.Replace("Max-Forwards: 300", "Max-Forwards: 70", StringComparison.Ordinal)));
    }

    [Fact]
    public void TORT_26_Regbadct_Contact_IsRefused() => Assert.False(NameAddress.TryParse(Parse("regbadct").Value(HeaderId.Contact), out _));

    [Fact]
    public void TORT_14_Badinv01_Contact_IsRefused() => Assert.False(NameAddress.TryParse(Parse("badinv01").Value(HeaderId.Contact), out _));

    [Fact]
    public void TORT_28_Baddn_IsRefusedWithItsEmptyLineToo() => Assert.Equal(SipError.BadFrom, ParsedMessage.ErrorOf([.. TortureMessages.Read("baddn"), .. "\r\n"u8]));

    [Fact]
    public void TORT_32_Bigcode_StatusDoesNotWrap() => Assert.NotEqual(5, Parse("bigcode").StatusCode);

    [Theory]
    [InlineData("unkscm", "nobodyKnowsThisScheme:totallyopaquecontent")]
    [InlineData("novelsc", "soap.beep://192.0.2.103:3002")]
    public void TORT_35_36_OtherSchemes_AreReadAsSuch(string name, string uri)
    {
        Assert.True(SipRequest.TryRead(Parse(name), out var request, out _));
        Assert.False(request.Uri.IsSip);
        Assert.Equal(uri, Text(request.Uri.Text));
    }

    [Fact]
    public void TORT_37_Unksm2_OtherSchemesInToFromContact_AreReadAsSuch()
    {
        var message = Parse("unksm2");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.False(request.To.Uri.IsSip);
        Assert.False(request.From.Uri.IsSip);
        Assert.Equal("3234233", Text(request.From.Tag));
        Assert.False(NameAddress.TryParse(message.Value(HeaderId.Contact), out var contact) && contact.Uri.IsSip);
    }

    [Fact]
    public void TORT_38_Bext01_Require_IsBothTags() =>
        Assert.Equal(["nothingSupportsThis", "nothingSupportsThisEither"], Parse("bext01").All(HeaderId.Require));

    [Fact]
    public void TORT_40_Regaut01_UnknownScheme_IsNoCredentials() =>
        Assert.False(DigestCredentials.TryParse(Parse("regaut01").Value(HeaderId.Authorization), out _));

    [Fact]
    public void TORT_43_Bcast_HasTwoVias() => Assert.Equal(2, Parse("bcast").All(HeaderId.Via).Count);

    [Fact]
    public void TORT_44_Zeromf_IsRead() => Assert.Equal("0", Text(Parse("zeromf").Value(HeaderId.MaxForwards)));

    [Fact]
    public void TORT_45_46_Cparam_ParameterIsTheHeadersOrTheUris_AndTheUrisAreEqual()
    {
        Assert.True(NameAddress.TryParse(Parse("cparam01").Value(HeaderId.Contact), out var first));
        Assert.Equal(";unknownparam", Text(first.Parameters));
        Assert.True(first.Uri.Parameters.IsEmpty);
        Assert.True(NameAddress.TryParse(Parse("cparam02").Value(HeaderId.Contact), out var second));
        Assert.True(second.Parameters.IsEmpty);
        Assert.Equal(";unknownparam", Text(second.Uri.Parameters));
        Assert.True(SipUriComparison.AreEqual(first.Uri, second.Uri));
    }

    [Fact]
    public void TORT_47_Regescrt_UriHeader_StaysInTheUri()
    {
        var message = Parse("regescrt");
        Assert.True(NameAddress.TryParse(message.Value(HeaderId.Contact), out var contact));
        Assert.Equal("?Route=%3Csip:sip.example.com%3E", Text(contact.Uri.Headers));
        Assert.False(message.Has(HeaderId.Route));
    }

    [Fact]
    public void TORT_48_Sdp01_Accept_IsOne() => Assert.Equal(["text/nobodyKnowsThis"], Parse("sdp01").All(HeaderId.Accept));

    [Fact]
    public void TORT_49_Inv2543_BodyGoesToTheEndOfTheDatagram()
    {
        var message = Parse("inv2543");
        Assert.True(SipRequest.TryRead(message, out var request, out _));
        Assert.True(request.Via.Branch.IsEmpty);
        Assert.True(request.From.Tag.IsEmpty);
        Assert.Equal(-1, message.ContentLength);
        Assert.Equal(105, message.Body.Length);
    }

    private static SipMessage Parse(string name) => ParsedMessage.Datagram(TortureMessages.Read(name));

    private static string Text(ReadOnlySpan<byte> octets) => ParsedMessage.Text(octets);

    private static List<string> Vias(SipMessage message) => message.All(HeaderId.Via).ConvertAll(value =>
    {
        Assert.True(Via.TryParse(System.Text.Encoding.Latin1.GetBytes(value), out var via));
        return $"{Text(via.Transport)} {Text(via.Host)} {Text(via.Branch)}";
    });

    private static string Parameter(ReadOnlySpan<byte> parameters, string name)
    {
        Assert.True(HeaderParameters.TryFind(parameters, System.Text.Encoding.Latin1.GetBytes(name), out var value));
        return Text(value);
    }

    private static string Unescape(ReadOnlySpan<byte> text)
    {
        var octets = new byte[text.Length];
        Assert.True(SipUri.TryUnescape(text, octets, out var length));
        return Text(octets.AsSpan(0, length));
    }
}
