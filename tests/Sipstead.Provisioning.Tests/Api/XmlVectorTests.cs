using System.Net;
using System.Net.Http.Headers;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Hostile and odd XML: every file of vectors/xml, and the limits of contract 10.</summary>
public sealed class XmlVectorTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _host = fixture.Host;

    [Fact]
    public async Task Vectors_PostedAsTheyAre_AreAnswered400WithADescription()
    {
        var folder = SharedFiles.Path("vectors", "xml");
        var lines = (await File.ReadAllLinesAsync(Path.Combine(folder, "expect.tsv"), TestContext.Current.CancellationToken)).Skip(1).ToList();
        Assert.Equal(14, lines.Count);
        foreach (var file in lines.Select(l => l.Split('\t')[0]))
        {
            foreach (var path in new[] { "realms", "realms/1" })
            {
                using var body = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken));
                body.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
                var answer = await _host.SendAsync(path == "realms" ? HttpMethod.Post : HttpMethod.Put, ApiHost.Path(path), body);
                answer.ShouldBeError(400, "RealmResponse", 1019);
                Assert.DoesNotContain(Environment.MachineName, answer.Body, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("billion-laughs.xml", "u", "DTD")]
    [InlineData("quadratic.xml", "u", "DTD")]
    [InlineData("external-entity-file.xml", "u", "DTD")]
    [InlineData("deep-nesting.xml", "a", "nests more than 16 elements. Line 1, position")]
    [InlineData("many-attributes.xml", "u", "more than 64 attributes. Line 1, position")]
    public void S_40_Vectors_AreRefusedWithinTenMegabytes(string file, string root, string expected)
    {
        var body = File.ReadAllBytes(Path.Combine(SharedFiles.Path("vectors", "xml"), file));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = Provisioning.Api.RequestXml.Read(body, root);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Assert.Contains(expected, result.Error!.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cdata-script.xml", true)]
    [InlineData("xinclude.xml", true)]
    [InlineData("utf16-declared-utf8.xml", false)]
    [InlineData("null-char.xml", false)]
    [InlineData("internal-entity.xml", false)]
    [InlineData("parameter-entity.xml", false)]
    [InlineData("external-dtd.xml", false)]
    [InlineData("external-entity-http.xml", false)]
    [InlineData("ns-confusion.xml", false)]
    public void Vectors_WithTheExpectedRoot_AreTextOrRefused(string file, bool isTaken)
    {
        var body = File.ReadAllBytes(Path.Combine(SharedFiles.Path("vectors", "xml"), file));
        var result = Provisioning.Api.RequestXml.Read(body, "u");
        Assert.Equal(isTaken, result.IsSuccess);
        if (file == "cdata-script.xml") Assert.Equal("<script>alert(1)</script>", result.Value!.Text);
        if (file == "xinclude.xml") Assert.Empty(result.Value!.Children);
    }

    [Theory]
    [InlineData("<Realm><Realm>a</Realm>", "Line 1, position 24.")]
    [InlineData("<Realm>\n<Realm>a</Default></Realm>", "Line 2")]
    [InlineData("<Wrong/>", "'Realm'. Line 1, position 2.")]
    [InlineData("text", "Line 1")]
    [InlineData("<!DOCTYPE Realm><Realm/>", "DTD")]
    [InlineData("<Realm>&undefined;</Realm>", "Line 1")]
    public async Task Malformed_Body_SaysWhatIsWrongAndWhere(string xml, string expected)
    {
        var answer = await _host.PostAsync("realms", xml);
        answer.ShouldBeError(400, "RealmResponse", 1019);
        Assert.Contains(expected, answer.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoBody_SaysWhatIsExpected()
    {
        var answer = await _host.SendAsync(HttpMethod.Post, ApiHost.Path("realms"));
        answer.ShouldBeError(400, "RealmResponse", 1019);
        Assert.Contains("root element Realm", answer.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S_40_BodyLongerThanAMebibyte_Is400(bool isLengthKnown)
    {
        var bytes = new byte[(1 << 20) + 1];
        using HttpContent body = isLengthKnown ? new ByteArrayContent(bytes) : new StreamContent(new UnknownLength(bytes));
        var answer = await _host.SendAsync(HttpMethod.Post, ApiHost.Path("realms"), body);
        answer.ShouldBeError(400, "RealmResponse", 1019);
        Assert.Contains("1048576", answer.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ElementOfAnotherNamespace_IsNotOurs()
    {
        const string xml = "<Realm xmlns:x=\"urn:evil\"><x:Realm>evil<Realm>evil</Realm></x:Realm><Realm>namespaced</Realm><x:Default>true</x:Default><Default>false</Default></Realm>";
        var answer = await _host.PostAsync("realms", xml);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("false", answer.Value("Default"));
        Assert.StartsWith("namespaced.", answer.Xml!.Element("Realm")!.Element("Realm")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-8")]
    public async Task Body_WithByteOrderMark_IsRead(string encoding)
    {
        var text = System.Text.Encoding.GetEncoding(encoding);
        var xml = $"<?xml version=\"1.0\" encoding=\"{encoding}\"?><Realm><Realm>bom{encoding.Replace("-", "", StringComparison.Ordinal)}</Realm><Default>false</Default></Realm>";
        using var body = new ByteArrayContent([.. text.GetPreamble(), .. text.GetBytes(xml)]);
        Assert.Equal(HttpStatusCode.Created, (await _host.SendAsync(HttpMethod.Post, ApiHost.Path("realms"), body)).Status);
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
