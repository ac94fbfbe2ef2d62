using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.WebUtilities;

namespace Sipstead.Webhooks.Tests;

public sealed class QueryParametersTests
{
    [Theory]
    [InlineData("http://a.test", "http://a.test/?k=v")]
    [InlineData("http://a.test/p?", "http://a.test/p?k=v")]
    [InlineData("http://a.test/p?x=1#f", "http://a.test/p?x=1&k=v")]
    [InlineData("http://a.test/p?x=%2F&y=a+b", "http://a.test/p?x=%2F&y=a+b&k=v")]
    public void Append_KeepsTheUrlsOwnQuery(string url, string expected) =>
        Assert.Equal(expected, QueryParameters.Append(new Uri(url), """{"k":"v"}"""u8.ToArray()).AbsoluteUri);

    [Theory]
    [InlineData("http://a.test/p?x", "{}")]
    [InlineData("http://a.test/p?x", """{"k":null}""")]
    public void Append_Nothing_LeavesTheUrl(string url, string json) =>
        Assert.Equal(url, QueryParameters.Append(new Uri(url), System.Text.Encoding.UTF8.GetBytes(json)).AbsoluteUri);

    [Fact]
    public void Append_AnyStrings_ComeBack() =>
        Gen.Dictionary(Gen.String[Gen.Char[" aé&=+%#?/\\\"\r\n\0"], 1, 8], Gen.String[Gen.Char[" aé€&=+%#?/\\\"\r\n\0"], 0, 20])[0, 5].Sample(properties =>
        {
            var url = QueryParameters.Append(new Uri("http://a.test/"), JsonSerializer.SerializeToUtf8Bytes(properties));
            Assert.DoesNotContain(url.AbsoluteUri, c => c is '\r' or '\n' or ' ' or '#');
            var read = QueryHelpers.ParseQuery(url.Query);
            // Names that differ in case alone are one to this reader.
            Assert.All(properties.Where(p => read[p.Key].Count == 1), p => Assert.Equal(p.Value, read[p.Key].ToString()));
        });
}
