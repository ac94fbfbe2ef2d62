using System.Text;
using System.Xml.Linq;
using CsCheck;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Whatever comes in, nothing is thrown; whatever goes out, it is well-formed.</summary>
public sealed class InputPropertyTests
{
    private static readonly byte[] Request = Encoding.UTF8.GetBytes(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><SipCredentials xmlns:x=\"urn:x\"><SipCredential a=\"1\"><UserName>bob&amp;</UserName>" +
        "<Hash1><![CDATA[abc]]></Hash1><x:Other>&#233;</x:Other><!-- c --></SipCredential></SipCredentials>");

    [Fact]
    public void Read_AnyOctets_NeverThrows() =>
        Gen.Byte.Array[0, 300].Sample(body => Assert.False(RequestXml.Read(body, "SipCredentials").IsSuccess));

    [Fact]
    public void Read_DamagedRequest_NeverThrowsAndSaysWhy()
    {
        var damage = Gen.Select(Gen.Int[0, Request.Length - 1], Gen.Byte, Gen.Int[0, 2]);
        damage.Array[1, 6].Sample(damages =>
        {
            var body = Request.ToList();
            foreach (var (at, value, kind) in damages)
            {
                var index = Math.Min(at, body.Count - 1);
                if (kind == 0) body[index] = value;
                else if (kind == 1) body.RemoveAt(index);
                else body.Insert(index, value);
            }

            var result = RequestXml.Read(body.ToArray(), "SipCredentials");
            Assert.True(result.IsSuccess || result.Error.Description.Length > 0);
        });
    }

    [Fact]
    public void Document_AnyText_IsWellFormedAndComesBack()
    {
        Gen.Char.Array[0, 100].Select(chars => new string(chars)).Sample(text =>
        {
            var document = XmlOutput.Document("Root", writer => writer.WriteText("Text", text));
            Assert.Equal((byte)'<', document.Span[0]);
            var read = XElement.Parse(Encoding.UTF8.GetString(document.Span), LoadOptions.PreserveWhitespace).Element("Text")!.Value;
            Assert.Equal(text.Length, read.Length);
            for (var i = 0; i < text.Length; i++) Assert.True(text[i] == read[i] || read[i] == '\uFFFD');
        });
    }

    /// <summary>Not a theory: an attribute cannot hold a lone surrogate.</summary>
    [Fact]
    public void Document_OddText_KeepsWhatXmlCanCarry()
    {
        const string text = "a\r\nb\tc\0\u0001\u001F\uFFFE\uD800x\U0001F4DE]]>";
        const string expected = "a\r\nb\tc\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDx\U0001F4DE]]>";
        var document = XmlOutput.Document("Root", writer => writer.WriteText("Text", text));
        Assert.Equal(expected, XElement.Parse(Encoding.UTF8.GetString(document.Span), LoadOptions.PreserveWhitespace).Value);
    }

    [Fact]
    public void BasicCredentials_AnyHeader_NeverThrows()
    {
        Gen.Char.Array[0, 100].Sample(chars =>
        {
            Assert.False(BasicCredentials.TryParse(new string(chars), out var credentials));
            Assert.Equal(default, credentials);
        });
        Gen.Byte.Array[0, 100].Sample(octets =>
        {
            if (BasicCredentials.TryParse("Basic " + Convert.ToBase64String(octets), out var credentials))
                Assert.Equal(octets, Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}"));
        });
    }
}
