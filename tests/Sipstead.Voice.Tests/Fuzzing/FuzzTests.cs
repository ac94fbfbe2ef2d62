using System.Text;
using Sipstead.Provisioning.Locations;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Fuzzing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Bxml;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Tests.Fuzzing;

/// <summary>FUZZ: damaged BXML documents; see bench/fuzz/run for longer runs.</summary>
public sealed class FuzzTests
{
    private static readonly byte[][] Corpus =
    [
        .. new[]
        {
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Response><SpeakSentence voice="julie" locale="en_US">Hello <prosody rate="slow">&#233;&amp;</prosody></SpeakSentence><Hangup/></Response>
            """,
            """
            <Response>
              <Gather gatherUrl="/digits?x=1&amp;y=2" maxDigits="4" terminatingDigits="#" firstDigitTimeout="10" tag="a"><PlayAudio>https://example.com/a.wav</PlayAudio></Gather>
              <Pause duration="0.5"/><Redirect redirectUrl="next"/>
            </Response>
            """,
            """<Response><Tag><![CDATA[a]]></Tag><SendDtmf>12w#*</SendDtmf><Ring duration="5"/><!-- c --><?pi x?></Response>""",
            """
            <Response><Transfer transferCallerId="+12025550100" callTimeout="12.5" diversionTreatment="stack" transferCompleteUrl="/c" tag="t">
            <PhoneNumber transferAnswerUrl="/a">+12025550111</PhoneNumber><SipUri uui="aGk=;encoding=base64">sip:bob@x.example</SipUri></Transfer>
            <Bridge bridgeCompleteUrl="/b">c-2</Bridge><Refer><SipUri>sip:bob@x.example</SipUri></Refer><Forward to="+12025550111" from="Restricted"/></Response>
            """,
            """<!DOCTYPE Response [<!ENTITY a "b">]><Response>&a;</Response>""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Invites =
    [
        .. new[]
        {
            ("<sip:anonymous@anonymous.invalid>", "P-Asserted-Identity: \"A, B\" <sip:+12025550199;verstat=TN-Validation-Passed@c;user=phone>, <tel:+1-202-555-0199>\r\n"),
            ("<sip:2025550199@carrier.example;verstat=x>", "Privacy: none\r\nP-Attestation-Indicator: A\r\nP-Origination-ID: 1-2\r\n"),
            ("<tel:12025550199;x=y>", "Privacy: id\r\n"),
            ("<sip:%61lice@h>", ""),
        }.Select(text => new RequestText { Method = "INVITE", From = $"{text.Item1};tag=1", Headers = text.Item2 }.ToOctets()),
    ];

    [Fact]
    public void FUZZ_03_Bxml_Mutations_AreADocumentOrAnErrorInWords() => FuzzRun.Over("bxml", Corpus, 15_000, octets =>
    {
        var result = Reading.Of(octets, VerbRun.BaseUrl);
        Assert.NotEqual(result.Document is null, result.Error is null);
        if (result.Error is not { } error) return;
        Assert.InRange(error.Message.Length, 1, 2_000);
        Assert.DoesNotContain(error.Message, char.IsControl);
    });

    [Fact]
    public void FUZZ_03_Callers_Mutations_AreANumberAUriOrAWord() => FuzzRun.Over("callers", Invites, 15_000, octets =>
    {
        var message = new SipMessage();
        if (!SipParser.TryParseDatagram(octets, 0, octets.Length, message) || !message.IsRequest) return;
        var caller = TrunkCaller.Of(message, InviteHeaders.Read(message).IsPrivate);
        Assert.True(
            E164.IsNumber(caller) || caller.StartsWith("sip:", StringComparison.Ordinal)
            || HiddenCaller.Words.Contains(caller), caller);
        Assert.DoesNotContain(caller, char.IsControl);
        if (StirShaken.Read(message) is { } said) Assert.InRange($"{said.Verstat}{said.AttestationIndicator}{said.OriginatingId}".Length, 1, 3 * 128);
    });

    [Fact]
    public void FUZZ_03_Bxml_EveryPrefix_IsRefused() => FuzzRun.Each("bxml prefixes", Corpus.SelectMany(octets => Mutations.Prefixes(octets.AsSpan().TrimEnd("\r\n "u8).ToArray())), octets =>
        Assert.NotNull(Reading.Of(octets, VerbRun.BaseUrl).Error));
}
