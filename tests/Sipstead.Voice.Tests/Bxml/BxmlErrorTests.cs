namespace Sipstead.Voice.Tests.Bxml;

/// <summary>What is refused, and with which words.</summary>
public sealed class BxmlErrorTests
{
    [Theory]
    [InlineData("", "The document is empty; give XML with the root element <Response>.")]
    [InlineData("<Reply/>", "Line 1, column 2: The root element is <Reply>; give <Response>.")]
    [InlineData("<response/>", "Line 1, column 2: The root element is <response>; give <Response>.")]
    [InlineData("<x:Response xmlns:x='urn:x'/>", "Line 1, column 2: The root element is <x:Response>; give <Response>.")]
    [InlineData("{\"a\":1}", "Line 1, column 1: The document is not well-formed XML: Data at the root level is invalid.")]
    [InlineData("<Response>\n<Hangup></Response>",
        "Line 2, column 11: The document is not well-formed XML: The 'Hangup' start tag on line 2 position 2 does not match the end tag of 'Response'.")]
    [InlineData("<Response><Pause duration='1' duration='2'/></Response>",
        "Line 1, column 31: The document is not well-formed XML: 'duration' is a duplicate attribute name.")]
    [InlineData("<!DOCTYPE Response><Response/>", "The document has a DTD (<!DOCTYPE ...>), which is not allowed.")]
    [InlineData("<?xml version='1.0'?>\n<!DOCTYPE Response [<!ENTITY a 'b'>]><Response/>", "The document has a DTD (<!DOCTYPE ...>), which is not allowed.")]
    [InlineData("<Response><SpeakSentence><![CDATA[<!DOCTYPE]]></Response>",
        "Line 1, column 49: The document is not well-formed XML: The 'SpeakSentence' start tag on line 1 position 12 does not match the end tag of 'Response'.")]
    public void Document(string document, string message) => Assert.Equal(message, Reading.Error(document).Message);

    [Theory]
    [InlineData("Hello", "Line 1, column 11: There is text inside <Response>; give verbs only.")]
    [InlineData("<![CDATA[Hello]]>", "Line 1, column 20: There is text inside <Response>; give verbs only.")]
    [InlineData("<Gather>Hello</Gather>", "Line 1, column 19: There is text inside <Gather>; give verbs only.")]
    [InlineData("<Hangup>now</Hangup>", "Line 1, column 19: There is text inside <Hangup>; give attributes only.")]
    [InlineData("<Redirect>http://a.example</Redirect>", "Line 1, column 21: There is text inside <Redirect>; give attributes only.")]
    [InlineData("<hangup/>", "Line 1, column 12: <hangup> is not a verb of BXML; case matters, give <Hangup>.")]
    [InlineData("<x:Hangup xmlns:x='urn:x'/>", "Line 1, column 12: <x:Hangup> is not a verb of BXML.")]
    [InlineData("<Gather><Hangup/></Gather>", "Line 1, column 20: <Hangup> cannot stand inside <Gather>; give SpeakSentence and PlayAudio only.")]
    [InlineData("<Gather><Gather/></Gather>", "Line 1, column 20: <Gather> cannot stand inside <Gather>; give SpeakSentence and PlayAudio only.")]
    [InlineData("<Gather><Record/></Gather>", "Line 1, column 20: <Record> cannot stand inside <Gather>; give SpeakSentence and PlayAudio only.")]
    [InlineData("<Pause><Hangup/></Pause>", "Line 1, column 19: <Hangup> cannot stand inside <Pause>.")]
    [InlineData("<PlayAudio>a<b/></PlayAudio>", "Line 1, column 24: <b> cannot stand inside <PlayAudio>.")]
    [InlineData("<Tag><Tag/></Tag>", "Line 1, column 17: <Tag> cannot stand inside <Tag>.")]
    public void Structure(string verbs, string message) => Assert.Equal(message, Reading.Error($"<Response>{verbs}</Response>").Message);

    [Theory]
    [InlineData("<Gather maxDigits='60'/>", "maxDigits", "Gather's maxDigits is \"60\"; give a whole number from 1 to 50.")]
    [InlineData("<Gather maxDigits='1.5'/>", "maxDigits", "Gather's maxDigits is \"1.5\"; give a whole number from 1 to 50.")]
    [InlineData("<Gather repeatCount='-1'/>", "repeatCount", "Gather's repeatCount is \"-1\"; give a whole number from 1 to 20.")]
    [InlineData("<Gather firstDigitTimeout='1e1'/>", "firstDigitTimeout", "Gather's firstDigitTimeout is \"1e1\"; give seconds from 0 to 60.")]
    [InlineData("<Gather interDigitTimeout='PT5S'/>", "interDigitTimeout", "Gather's interDigitTimeout is \"PT5S\"; give seconds from 1 to 60.")]
    [InlineData("<Gather terminatingDigits='#,'/>", "terminatingDigits", "Gather's terminatingDigits is \"#,\"; give some of 0-9 * # A-D.")]
    [InlineData("<Gather input='voice'/>", "input", "Gather's input is \"voice\"; give dtmf or speech or dtmf_speech.")]
    [InlineData("<Gather gatherMethod='PUT'/>", "gatherMethod", "Gather's gatherMethod is \"PUT\"; give GET or POST.")]
    [InlineData("<Gather gatherFallbackMethod=''/>", "gatherFallbackMethod", "Gather's gatherFallbackMethod is \"\"; give GET or POST.")]
    [InlineData("<Gather gatherUrl=''/>", "gatherUrl", "Gather's gatherUrl is empty; give an http or https URL.")]
    [InlineData("<Gather gatherUrl='ftp://a/b'/>", "gatherUrl", "Gather's gatherUrl is \"ftp://a/b\"; give an http or https URL.")]
    [InlineData("<Gather gatherFallbackUrl='http://'/>", "gatherFallbackUrl", "Gather's gatherFallbackUrl is \"http://\"; give an http or https URL.")]
    [InlineData("<Gather username='u'/>", "username", "Gather has username without password; give both or none.")]
    [InlineData("<Gather fallbackPassword='hush'/>", "fallbackPassword", "Gather has fallbackPassword without fallbackUsername; give both or none.")]
    [InlineData("<Redirect/>", "redirectUrl", "Redirect has no redirectUrl; it is required.")]
    [InlineData("<Redirect redirectUrl='file:///etc/passwd'/>", "redirectUrl",
        "Redirect's redirectUrl is \"file:///etc/passwd\"; give an http or https URL.")]
    [InlineData("<Redirect redirectUrl='/r'/>", "redirectUrl",
        "Redirect's redirectUrl is \"/r\"; give an absolute URL: this document came from no URL that it could be relative to.")]
    [InlineData("<PlayAudio/>", null, "PlayAudio's text is empty; give an http or https URL.")]
    [InlineData("<PlayAudio>//a.example/b.wav</PlayAudio>", null,
        "PlayAudio's text is \"//a.example/b.wav\"; give an absolute URL: this document came from no URL that it could be relative to.")]
    [InlineData("<PlayAudio password='hush'>http://a.example</PlayAudio>", "password", "PlayAudio has password without username; give both or none.")]
    [InlineData("<PlayAudio>ftp://me:hush@a.example/</PlayAudio>", null, "PlayAudio's text is \"...@a.example/\"; give an http or https URL.")]
    [InlineData("<SpeakSentence gender='x'>Hi</SpeakSentence>", "gender", "SpeakSentence's gender is \"x\"; give male or female.")]
    [InlineData("<SpeakSentence/>", null, "SpeakSentence has no text; give what is to be said.")]
    [InlineData("<Ring answerCall='1'/>", "answerCall", "Ring's answerCall is \"1\"; give true or false.")]
    [InlineData("<Pause duration='1.000,5'/>", "duration", "Pause's duration is \"1.000,5\"; give seconds from 0.1 to 86400.")]
    [InlineData("<Pause duration=''/>", "duration", "Pause's duration is \"\"; give seconds from 0.1 to 86400.")]
    [InlineData("<Echo duration='0'/>", "duration", "Echo's duration is \"0\"; give seconds from 1 to 3600.")]
    [InlineData("<SendDtmf>1 2</SendDtmf>", null, "SendDtmf's text is \"1 2\"; give 1 to 50 of 0-9 * # A-D, and , w W for pauses.")]
    [InlineData("<SendDtmf/>", null, "SendDtmf's text is \"\"; give 1 to 50 of 0-9 * # A-D, and , w W for pauses.")]
    [InlineData("<SendDtmf toneDuration='49'>1</SendDtmf>", "toneDuration", "SendDtmf's toneDuration is \"49\"; give a whole number from 50 to 5000.")]
    public void Verb(string verb, string? attribute, string message)
    {
        var error = Reading.Error($"<Response>\n\n  {verb}</Response>");
        Assert.Equal(verb[1..verb.AsSpan().IndexOfAny(" />")], error.Verb);
        Assert.Equal(attribute, error.Attribute);
        var column = attribute is not null && verb.Contains(attribute, StringComparison.Ordinal) ? 3 + verb.IndexOf(attribute, StringComparison.Ordinal) : 4;
        Assert.Equal((3, column), (error.Line, error.Column));
        Assert.Equal($"Line 3, column {column}: {message}", error.Message);
    }

    [Fact]
    public void Quotes_AreCut_AndOfOneLine()
    {
        var error = Reading.Error($"<Response><Pause duration='&#13;&#10;\u2028{new string('9', 5000)}'/></Response>");
        Assert.True(error.Message.Length < 200);
        Assert.DoesNotContain(error.Message, character => char.IsControl(character) || character == '\u2028');
        Assert.EndsWith("...\"; give seconds from 0.1 to 86400.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LongNames_AreCut()
    {
        var name = new string('n', 50_000);
        foreach (var document in new[] { $"<{name}/>", $"<Response><{name}/></Response>", $"<Response><Pause><{name}/></Pause></Response>", $"<{name}></b>" })
        {
            var error = Reading.Error(document);
            Assert.True(error.Message.Length < 400);
            Assert.True((error.Verb?.Length ?? 0) < 100);
        }
    }
}
