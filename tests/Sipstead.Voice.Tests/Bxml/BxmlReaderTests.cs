using System.Text;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

public sealed class BxmlReaderTests
{
    [Theory]
    [InlineData("<Response><Hangup/></Response>")]
    [InlineData("<Bxml><Hangup></Hangup></Bxml>")]
    [InlineData("\uFEFF<?xml version='1.0' encoding='utf-8'?>\r\n<Response>\r\n  <Hangup/>\r\n</Response>\r\n")]
    [InlineData("<?xml version=\"1.0\"?><!-- a --><?pi b?><Response><!-- a --><?pi b?><Hangup><!-- c --></Hangup></Response><!-- d -->")]
    [InlineData("<Response xmlns='urn:any' other='1'><Hangup no='such' xmlns:x='urn:x' x:y='z'/></Response>")]
    public void Form_IsTolerated(string document) => Assert.Equal(["Hangup"], Reading.Verbs(document));

    [Theory]
    [InlineData("<Response/>")]
    [InlineData("<Bxml></Bxml>")]
    public void NoVerbs_IsValid(string document) => Assert.Empty(Reading.Verbs(document));

    [Fact]
    public void BaseUrl_StaysWithTheDocument() => Assert.Equal(VerbRun.BaseUrl, Reading.Of("<Response/>", VerbRun.BaseUrl).Document!.BaseUrl);

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public void OtherEncodings_AreRead(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] octets = [.. encoding.GetPreamble(), .. encoding.GetBytes($"<?xml version='1.0' encoding='{name}'?><Response><Tag>Zoë</Tag></Response>")];
        Assert.Equal(["Tag"], Reading.Verbs(Reading.Of(octets)));
    }

    [Fact]
    public void CSharpBuilder_IndentedWithDefaults() =>
        Assert.Equal(["Gather", "Pause", "Ring", "Redirect"], Reading.Verbs("""
            <?xml version="1.0" encoding="utf-8"?>
            <Response>
              <Gather gatherUrl="/g" maxDigits="50" interDigitTimeout="5" firstDigitTimeout="5" repeatCount="1">
                <SpeakSentence voice="susan">Press a key &amp; wait</SpeakSentence>
                <PlayAudio>https://example.com/a.wav</PlayAudio>
              </Gather>
              <Pause duration="1" />
              <Ring duration="5" answerCall="true" />
              <Redirect redirectUrl="/r" redirectMethod="POST" />
            </Response>
            """));

    [Fact]
    public void NpmBuilder_OneLine() =>
        Assert.Equal(["SpeakSentence", "SendDtmf", "Tag", "Hangup"], Reading.Verbs(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><SpeakSentence>Hi</SpeakSentence><SendDtmf>1w2</SendDtmf><Tag/><Hangup/></Response>"));

    [Fact]
    public void PythonBuilder_BooleansWithCapitals_AndCSharpDecimalComma() =>
        Assert.Equal(["Ring", "Ring", "Pause"], Reading.Verbs(
            "<Bxml><Ring answerCall='True'/><Ring answerCall='False' duration='0,5'/><Pause duration='1,25'/></Bxml>"));

    [Theory]
    [InlineData("a &amp; b &lt; <break time=\"1s\"/> c", "a &amp; b &lt; <break time=\"1s\"/> c")]
    [InlineData("<p>One</p> <p>Two</p>", "<p>One</p> <p>Two</p>")]
    [InlineData("<![CDATA[1 < 2]]>", "1 &lt; 2")]
    [InlineData("<lang xml:lang='de'>Hallo &#x263A;</lang>", "<lang xml:lang=\"de\">Hallo \u263A</lang>")]
    [InlineData("<sub alias='a &quot;b&quot; &lt;'>c</sub>", "<sub alias=\"a &quot;b&quot; &lt;\">c</sub>")]
    [InlineData("<x:s xmlns:x='urn:x' x:a='1' b='2'>Hi</x:s>", "<s b=\"2\">Hi</s>")]
    [InlineData("Hi<!-- no --> you", "Hi you")]
    [InlineData("<break/>", "<break/>")]
    [InlineData("<Hangup/>Hi", "<Hangup/>Hi")]
    public void SpeakSentence_KeepsItsMarkup(string content, string ssml)
    {
        using var run = new VerbRun().Start($"<SpeakSentence>{content}</SpeakSentence>");
        Assert.Equal(ssml, run.Call.Spoken[0].Ssml);
    }

    [Theory]
    [InlineData("<SpeakSentence/>")]
    [InlineData("<SpeakSentence></SpeakSentence>")]
    [InlineData("<SpeakSentence> \n <!-- a --> </SpeakSentence>")]
    [InlineData("<Gather><SpeakSentence> </SpeakSentence></Gather>")]
    public void BlankSpeech_IsRefused(string verb) => Assert.Equal("SpeakSentence", Reading.Error($"<Response>{verb}</Response>").Verb);

    [Fact]
    public void OneBadVerb_RefusesTheWholeDocument()
    {
        var error = Reading.Error("<Response><Hangup/><Tag>a</Tag><Dance/></Response>");
        Assert.Equal(("Dance", "Line 1, column 33: <Dance> is not a verb of BXML."), (error.Verb, error.Message));
    }

    [Fact]
    public void WhatFollowsTheRoot_IsReadToo() => Assert.Contains("well-formed", Reading.Error("<Response/><Response/>").Message, StringComparison.Ordinal);

    [Fact]
    public void TheFirstError_IsTheOneThatIsTold()
    {
        var error = Reading.Error("<Response>\n<Pause duration='x'/>\n<Dance/></Response>");
        Assert.Equal((2, "Pause", "duration"), (error.Line, error.Verb, error.Attribute));
    }

    [Theory]
    [InlineData("Connect")]
    public void VerbsOfLaterVersions_AreNamedSo(string verb)
    {
        var error = Reading.Error($"<Response>\n  <{verb} a=\"1\"><SipUri>sip:a@b</SipUri></{verb}></Response>");
        Assert.Equal((2, 4, verb), (error.Line, error.Column, error.Verb));
        Assert.Equal($"Line 2, column 4: <{verb}> is not supported by this version of Sipstead.", error.Message);
    }

    [Fact]
    public void UnknownContext_IsAMistakeOfTheCaller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BxmlReader.Read("<Response/>"u8.ToArray(), null, (BxmlContext)99));

    [Theory]
    [InlineData("<SpeakSentence>a</SpeakSentence><PlayAudio>https://example.com/a.wav</PlayAudio>", null)]
    [InlineData("<Hangup/>", "Line 1, column 12: <Hangup> cannot be used here; give PauseRecording, PlayAudio, ")]
    [InlineData("<hangup/>", "Line 1, column 12: <hangup> is not a verb of BXML.")]
    [InlineData("<StartTranscription/>", "Line 1, column 12: <StartTranscription> cannot be used here; give PauseRecording, PlayAudio, ")]
    [InlineData("<StopTranscription/>", "Line 1, column 12: <StopTranscription> cannot be used here; give PauseRecording, PlayAudio, ")]
    public void Conference_TakesItsOwnVerbs(string verbs, string? error)
    {
        var read = Reading.Of(Encoding.UTF8.GetBytes($"<Response>{verbs}</Response>"), context: BxmlContext.Conference);
        Assert.Equal(error is null, read.Document is not null);
        if (error is not null) Assert.StartsWith(error, read.Error!.Message, StringComparison.Ordinal);
    }
}
