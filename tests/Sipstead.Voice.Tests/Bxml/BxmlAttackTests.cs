using System.Text;
using CsCheck;
using Sipstead.Testing;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>Whatever the octets are, the answer is a value, soon.</summary>
public sealed class BxmlAttackTests
{
    private const string Rich = """
        <?xml version="1.0" encoding="utf-8"?>
        <Response>
          <Gather gatherUrl="/g?a=1&amp;b=2" gatherMethod="GET" terminatingDigits="#" maxDigits="4" interDigitTimeout="2,5" repeatCount="2" tag="t"
            username="u" password="p" gatherFallbackUrl="https://b.example/f" fallbackUsername="fu" fallbackPassword="fp">
            <SpeakSentence voice="kate" gender="male">Press <break time="1s"/> <![CDATA[a < b]]> &#233;</SpeakSentence>
            <PlayAudio>a.wav</PlayAudio>
          </Gather>
          <!-- comment --><?pi x?>
          <Ring duration="0.5" answerCall="False"/><Pause duration="1"/><SendDtmf toneDuration="100">12,w#</SendDtmf>
          <Tag>tag</Tag><Echo duration="5"/><Redirect redirectUrl="../r"/><Hangup/>
        </Response>
        """;

    private static readonly byte[] RichOctets = Encoding.UTF8.GetBytes(Rich);

    private static readonly string[] Pieces =
    [
        "<", ">", "/>", "</Response>", "<Gather>", "</Gather>", "<SpeakSentence>", "<![CDATA[", "]]>", "<!--", "-->", "&", "&#0;", "&x;", "<!DOCTYPE a>", "\"", "'",
        "\0", "\uFEFF", "xmlns=\"a\"", "x:y=\"z\"", "xml:lang=\"\"", "999999999999999999999999999999999", "-", "http://", "//", "[", "%", "file:///", "@",
    ];

    [Fact]
    public void RichDocument_IsValid() => Assert.Equal(8, Reading.Verbs(Rich).Count());

    [Fact]
    public void EveryPrefix_IsRefusedWithWords()
    {
        for (var length = 0; length < RichOctets.Length; length++)
        {
            var result = Reading.Of(RichOctets[..length], VerbRun.BaseUrl);
            Assert.Null(result.Document);
            Assert.NotEmpty(result.Error!.Message);
        }
    }

    [Fact]
    public void MutatedOctets_GiveAValue() =>
        Gen.Select(Gen.Int[0, RichOctets.Length - 1], Gen.Byte).Array[1, 6].Sample(changes =>
        {
            var octets = RichOctets.ToArray();
            foreach (var (at, octet) in changes) octets[at] = octet;
            return HoldsOneOf(Reading.Of(octets, VerbRun.BaseUrl));
        });

    [Fact]
    public void ForeignPieces_GiveAValue() =>
        Gen.Select(Gen.Int[0, Rich.Length], Gen.OneOf(Pieces), Gen.Int[0, 20]).Array[1, 4].Sample(changes =>
        {
            var text = Rich;
            foreach (var (at, piece, removed) in changes)
            {
                var from = Math.Min(at, text.Length);
                text = text.Remove(from, Math.Min(removed, text.Length - from)).Insert(from, piece);
            }

            return HoldsOneOf(Reading.Of(text, VerbRun.BaseUrl)) && HoldsOneOf(Reading.Of(text));
        });

    [Fact]
    public void AnyOctets_GiveAValue() => Gen.Byte.Array[0, 200].Sample(octets => HoldsOneOf(Reading.Of(octets)));

    [Fact]
    public void AnyAttributeText_GivesAValue_AndIsNeverALineBreakInTheError() =>
        Gen.Select(Gen.OneOf("gatherUrl", "maxDigits", "gatherMethod", "terminatingDigits", "firstDigitTimeout", "tag", "username"), Gen.String).Sample(pair =>
        {
            var value = new StringBuilder();
            foreach (var character in pair.Item2.Where(character => char.IsAscii(character) && character is >= ' ' or '\n')) value.Append($"&#{(int)character};");
            var result = Reading.Of($"<Response><Gather {pair.Item1}=\"{value}\"/></Response>", VerbRun.BaseUrl);
            return HoldsOneOf(result) && result.Error?.Message.Contains('\n') != true;
        });

    [Fact]
    public void SpeechMarkup_ReadsTheSameAgain() =>
        Gen.OneOf("a", " ", "&amp;", "&lt;", "]]&gt;", "<p>", "</p>", "<break time='1s'/>", "<sub alias='&quot;&amp;'>x</sub>", "<![CDATA[<]]>", "é").Array[1, 12].Sample(parts =>
        {
            var ssml = SpeechOf(string.Concat(parts));
            return ssml is null || SpeechOf(ssml) == ssml;
        });

    [Theory]
    [InlineData("billion-laughs.xml")]
    [InlineData("deep-nesting.xml")]
    [InlineData("external-dtd.xml")]
    [InlineData("external-entity-file.xml")]
    [InlineData("external-entity-http.xml")]
    [InlineData("internal-entity.xml")]
    [InlineData("many-attributes.xml")]
    [InlineData("null-char.xml")]
    [InlineData("parameter-entity.xml")]
    [InlineData("quadratic.xml")]
    [InlineData("utf16-declared-utf8.xml")]
    [InlineData("xinclude.xml")]
    [InlineData("ns-confusion.xml")]
    public void Attack_IsRefused_AlsoUnderOurRoot(string file)
    {
        var octets = File.ReadAllBytes(SharedFiles.Path("vectors", "xml", file));
        var text = Encoding.UTF8.GetString(octets);
        var ours = text.Replace("<u>", "<Response><SpeakSentence>", StringComparison.Ordinal)
            .Replace("</u>", "</SpeakSentence></Response>", StringComparison.Ordinal)
            .Replace("<u ", "<Response ", StringComparison.Ordinal);
        foreach (var document in new[] { octets, Encoding.UTF8.GetBytes(ours) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = Reading.Of(document);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
            Assert.NotNull(result.Error);
        }
    }

    [Fact]
    public void CDataWithScript_IsText()
    {
        using var run = new VerbRun().Start("<SpeakSentence><![CDATA[<script>alert(1)</script>]]></SpeakSentence>");
        Assert.Equal("&lt;script&gt;alert(1)&lt;/script&gt;", run.Call.Spoken[0].Ssml);
    }

    [Theory]
    [InlineData("<Response><Tag>", "<![CDATA[a]]><!---->", "</Tag></Response>")]
    [InlineData("<Response>", "<Tag/>", "</Response>")]
    [InlineData("<Response><SpeakSentence>", "<p>", "</SpeakSentence></Response>")]
    [InlineData("<Response><SpeakSentence>", "&lt;", "</SpeakSentence></Response>")]
    [InlineData("<Response><Pause duration='0.", "0", "1'/></Response>")]
    [InlineData("<Response><Gather gatherUrl='", "../", "'/></Response>")]
    [InlineData("<Response><Gather gatherUrl='http://", "a.", "'/></Response>")]
    public void FullOfOneThing_StaysSmall(string start, string filling, string end)
    {
        var count = (BxmlReader.MaximumOctets - start.Length - end.Length) / filling.Length;
        var document = start + string.Concat(Enumerable.Repeat(filling, count)) + end;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(HoldsOneOf(Reading.Of(document, VerbRun.BaseUrl)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    private static string? SpeechOf(string content)
    {
        if (!Reading.IsValid($"<SpeakSentence>{content}</SpeakSentence>")) return null;
        using var run = new VerbRun().Start($"<SpeakSentence>{content}</SpeakSentence>");
        return run.Call.Spoken[0].Ssml;
    }

    private static bool HoldsOneOf(BxmlResult result) => result.Document is null != result.Error is null;
}
