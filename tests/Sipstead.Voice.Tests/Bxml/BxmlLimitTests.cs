using System.Globalization;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>Each limit below, at and above itself.</summary>
public sealed class BxmlLimitTests
{
    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Octets(int more, bool isValid)
    {
        const string empty = "<Response></Response>";
        var document = $"<Response>{new string(' ', BxmlReader.MaximumOctets - empty.Length + more)}</Response>";
        Assert.Equal(isValid, Reading.Of(document).Error is null);
        if (!isValid) Assert.Equal("The document has 65537 octets; at most 65536 are allowed.", Reading.Error(document).Message);
    }

    [Theory]
    [InlineData(BxmlReader.MaximumDepth - 1, true)]
    [InlineData(BxmlReader.MaximumDepth, true)]
    [InlineData(BxmlReader.MaximumDepth + 1, false)]
    public void Depth(int depth, bool isValid)
    {
        var nested = depth - 2;
        var start = string.Concat(Enumerable.Repeat("<p>", nested));
        var end = string.Concat(Enumerable.Repeat("</p>", nested));
        Assert.Equal(isValid, Reading.IsValid($"<SpeakSentence>{start}Hi{end}</SpeakSentence>"));
    }

    [Theory]
    [InlineData(BxmlReader.MaximumAttributes - 1, true)]
    [InlineData(BxmlReader.MaximumAttributes, true)]
    [InlineData(BxmlReader.MaximumAttributes + 1, false)]
    public void Attributes(int count, bool isValid)
    {
        var attributes = string.Concat(Enumerable.Range(0, count).Select(i => $" a{i}=\"\""));
        foreach (var document in new[]
        {
            $"<Response{attributes}/>", $"<Response><Pause{attributes}/></Response>", $"<Response><SpeakSentence><p{attributes}/></SpeakSentence></Response>",
            $"<Response><Gather><PlayAudio{attributes}>http://a.example/</PlayAudio></Gather></Response>",
        })
        {
            Assert.Equal(isValid, Reading.Of(document).Error is null);
        }
    }

    [Theory]
    [InlineData(VerbElement.MaximumTag - 1, true)]
    [InlineData(VerbElement.MaximumTag, true)]
    [InlineData(VerbElement.MaximumTag + 1, false)]
    public void Tag(int length, bool isValid)
    {
        var tag = new string('t', length);
        Assert.Equal(isValid, Reading.IsValid($"<Tag>{tag}</Tag>"));
        Assert.Equal(isValid, Reading.IsValid($"<Gather tag=\"{tag}\"/>"));
        Assert.Equal(isValid, Reading.IsValid($"<Redirect redirectUrl=\"/r\" tag=\"{tag}\"/>"));
    }

    [Theory]
    [InlineData(49, true)]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void DtmfCharacters(int length, bool isValid) => Assert.Equal(isValid, Reading.IsValid($"<SendDtmf>{new string('1', length)}</SendDtmf>"));

    [Theory]
    [InlineData(19, 1, true)]
    [InlineData(20, 1, true)]
    [InlineData(21, 1, false)]
    [InlineData(2, 10, true)]
    [InlineData(3, 7, false)]
    [InlineData(1, 20, true)]
    [InlineData(0, 20, true)]
    [InlineData(0, 21, false)]
    public void PromptsTimesRounds(int prompts, int repeatCount, bool isValid)
    {
        var inside = string.Concat(Enumerable.Repeat("<SpeakSentence>Hi</SpeakSentence>", prompts));
        Assert.Equal(isValid, Reading.IsValid($"<Gather repeatCount=\"{repeatCount}\">{inside}</Gather>"));
    }

    [Theory]
    [InlineData("<Gather {0}/>", "maxDigits", "1", "50", "1")]
    [InlineData("<Gather {0}/>", "repeatCount", "1", "20", "1")]
    [InlineData("<Gather {0}/>", "firstDigitTimeout", "0", "60", "0.1")]
    [InlineData("<Gather {0}/>", "interDigitTimeout", "1", "60", "0.1")]
    [InlineData("<SendDtmf {0}>1</SendDtmf>", "toneDuration", "50", "5000", "1")]
    [InlineData("<SendDtmf {0}>1</SendDtmf>", "toneInterval", "50", "5000", "1")]
    [InlineData("<Pause {0}/>", "duration", "0.1", "86400", "0.01")]
    [InlineData("<Ring {0}/>", "duration", "0.1", "86400", "0.01")]
    [InlineData("<Echo {0}/>", "duration", "1", "3600", "0.1")]
    public void Numbers(string verb, string attribute, string minimum, string maximum, string step)
    {
        var (low, high, by) = (Parse(minimum), Parse(maximum), Parse(step));
        Assert.False(IsValid(low - by));
        Assert.True(IsValid(low));
        Assert.True(IsValid(low + by));
        Assert.True(IsValid(high - by));
        Assert.True(IsValid(high));
        Assert.False(IsValid(high + by));
        Assert.False(IsValid(decimal.MaxValue));

        bool IsValid(decimal value) => Reading.IsValid(string.Format(CultureInfo.InvariantCulture, verb, FormattableString.Invariant($"{attribute}=\"{value}\"")));

        static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}
