using System.Text;
using Sipstead.Dashboard.Calls;

namespace Sipstead.Dashboard.Tests.Calls;

public sealed class BodyTextTests
{
    [Fact]
    public void Json_HasAPropertyALine() =>
        Assert.Equal("{\n  \"from\": \"+1202 <b>\",\n  \"n\": 1\n}", Of("{\"from\":\"+1202 <b>\",\"n\":1}"));

    [Fact]
    public void Xml_HasAnElementALine() => Assert.Equal("<Response>\n  <Pause />\n</Response>", Of("<Response><Pause/></Response>"));

    [Fact]
    public void XmlDeclaration_Stays()
    {
        const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

        Assert.StartsWith($"{Declaration}\n<Response", Of($"{Declaration}<Response/>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("{\"cut\": ")]
    [InlineData("<Response><Pause></Response>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>")]
    public void WhatIsNeither_StaysAsItCame(string body) => Assert.Equal(body, Of(body));

    [Fact]
    public void CutBody_StaysAsItCame() => Assert.Equal("{\"a\":1}", BodyText.Of("{\"a\":1}"u8.ToArray(), isCut: true));

    [Fact]
    public void DeepJson_StaysAsItCame()
    {
        var deep = new string('[', 5000) + new string(']', 5000);

        Assert.Equal(deep, Of(deep));
    }

    [Fact]
    public void OctetsThatAreNoText_DoNotThrow() => Assert.Equal("{\uFFFD}", BodyText.Of(new byte[] { (byte)'{', 0xFF, (byte)'}' }, isCut: false));

    private static string Of(string body) => BodyText.Of(Encoding.UTF8.GetBytes(body), isCut: false).ReplaceLineEndings("\n");
}
