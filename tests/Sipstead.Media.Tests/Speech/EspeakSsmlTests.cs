using System.Xml.Linq;
using CsCheck;
using Sipstead.Media.Speech;

namespace Sipstead.Media.Tests.Speech;

/// <summary>Which SSML reaches espeak-ng, and how.</summary>
public class EspeakSsmlTests
{
    private static readonly SpeechVoice Paul = SpeechVoices.Choose(null, null, "paul");

    private static readonly string[] Pieces =
    [
        "text", "[", "[[", "&amp;", "&lt;", "<![CDATA[[]]>", "<p>", "</p>", "<sub alias=\"[[\">x</sub>", "<break/>", "<!-- c -->", "<audio src='x'>",
        "</audio>", "<prosody rate='fast' pitch='&quot;'>", "</prosody>", "<lang xml:lang='de'>", "</lang>", "<say-as interpret-as='date'>1/[[2]]/3", "<say-as interpret-as='ordinal'>", "</say-as>", "\u0001", "\uD800", "&nope;", "]]>", "<?pi?>",
    ];

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("a &amp; b &lt; c &gt; d &quot;e&quot; &#233;", "a &amp; b &lt; c &gt; d \"e\" \u00E9")]
    [InlineData("<p><s>One.</s> <s>Two.</s></p>", "<p><s>One.</s> <s>Two.</s></p>")]
    [InlineData("<break strength=\"strong\"/>", "<break strength=\"strong\"></break>")]
    [InlineData("<break strength=\"loud\" time=\"1.5s\"/>", "<break time=\"1500ms\"></break>")]
    [InlineData("<break time=\"250ms\"/><break time=\"11s\"/><break time=\"-1s\"/>", "<break time=\"250ms\"></break><break time=\"10000ms\"></break><break></break>")]
    [InlineData("<emphasis level=\"strong\">so</emphasis>", "<emphasis level=\"strong\">so</emphasis>")]
    [InlineData("<prosody rate=\"+10%\" pitch=\"x-low\" volume=\"-6dB\" contour=\"(0%,+20Hz)\">so</prosody>", "<prosody pitch=\"x-low\" rate=\"+10%\" volume=\"-6dB\">so</prosody>")]
    [InlineData("<say-as interpret-as=\"date\" format=\"mdy\" detail=\"1\">12/31/2025</say-as>!", "December 31st, 2025!")]
    [InlineData("<say-as interpret-as=\"ordinal\">23</say-as> and <say-as interpret-as=\"cardinal\">23</say-as>", "23rd and <say-as interpret-as=\"cardinal\">23</say-as>")]
    [InlineData("<say-as interpret-as=\"date\" format=\"xyz\">[[1/2/3]] &lt;</say-as>", "[ [1/2/3]] &lt;")]
    [InlineData("<lang xml:lang=\"es-ES\"><say-as interpret-as=\"ordinal\">3</say-as></lang> <say-as interpret-as=\"ordinal\">3</say-as>", "<voice name=\"es+m3\">3\u00BA</voice> 3rd")]
    [InlineData("<say-as interpret-as=\"telephone\">2025550100</say-as>", "<say-as interpret-as=\"telephone\">2025550100</say-as>")]
    [InlineData("<say-as interpret-as=\"characters\">AB1</say-as>", "<say-as interpret-as=\"characters\">AB1</say-as>")]
    [InlineData("<phoneme alphabet=\"ipa\" ph=\"p\u026A\u02C8k\u0251\u02D0n&quot;\">pecan</phoneme>", "<phoneme alphabet=\"ipa\" ph=\"p\u026A\u02C8k\u0251\u02D0n\">pecan</phoneme>")]
    [InlineData("<sub alias=\"World &amp; Wide\">W<s>W</s>W</sub>.", "World &amp; Wide.")]
    [InlineData("<sub alias=\"x\"/>.", "x.")]
    [InlineData("<lang xml:lang=\"de-DE\">Tag</lang>", "<voice name=\"de+m3\">Tag</voice>")]
    public void What_the_API_knows_passes(string content, string expected) => Assert.Equal($"<speak>{expected}</speak>", EspeakSsml.Write(content, Paul));

    [Theory]
    [InlineData("<audio src=\"/etc/passwd\"><desc>noise</desc>ding</audio>", "ding")]
    [InlineData("a<mark name=\"m\"/>b", "ab")]
    [InlineData("<s xml:base=\"file:///\" xml:lang=\"de\" onlangfailure=\"x\">a</s>", "<s>a</s>")]
    [InlineData("<voice name=\"../../x\">a</voice>", "a")]
    [InlineData("<amazon:effect name=\"whispered\">a</amazon:effect>", "a")]
    [InlineData("<speak version=\"1.1\">a</speak>", "a")]
    [InlineData("<prosody rate=\"a&quot;b\">a</prosody>", "<prosody>a</prosody>")]
    [InlineData("a<!-- b --><?c d?>e", "ae")]
    [InlineData("[[h@loU]]", "[ [h@loU]]")]
    [InlineData("[<![CDATA[[[h]]]>", "[ [ [h]")]
    [InlineData("<metadata>x<s>y</s></metadata>z", "z")]
    [InlineData("</speak><audio src=\"x\"/>", "&lt;/speak&gt;&lt;audio src=\"x\"/&gt;")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]>&b;", "&lt;!DOCTYPE a [&lt;!ENTITY b SYSTEM \"/etc/passwd\"&gt;]&gt;&amp;b;")]
    [InlineData("a &lt; b < c \u0001x", "a &amp;lt; b &lt; c  x")]
    public void Nothing_else_does(string content, string expected) => Assert.Equal($"<speak>{expected}</speak>", EspeakSsml.Write(content, Paul));

    [Fact]
    public void Deep_markup_is_cut_and_its_text_is_read()
    {
        var content = string.Concat(Enumerable.Repeat("<s>", 500)) + "deep" + string.Concat(Enumerable.Repeat("</s>", 500));
        var written = XElement.Parse(EspeakSsml.Write(content, Paul));
        Assert.Equal(12, written.Descendants("s").Count());
        Assert.Equal("deep", written.Value);
    }

    [Fact]
    public void Any_content_becomes_well_formed_and_harmless() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(string.Concat).Sample(content =>
        {
            var written = EspeakSsml.Write(content, Paul);
            Assert.DoesNotContain("[[", written, StringComparison.Ordinal);
            Assert.DoesNotContain('\u0001', written);
            var names = XElement.Parse(written.Replace("\uD800", "", StringComparison.Ordinal)).Descendants().Select(e => e.Name.LocalName);
            Assert.Subset(new HashSet<string> { "p", "break", "prosody", "voice" }, names.ToHashSet());
        });
}
