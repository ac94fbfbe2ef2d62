using System.Buffers;
using System.Text.Json;
using CsCheck;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Callbacks;

/// <summary>What an INVITE says of itself, as properties of <c>initiate</c> (webhooks.md 3).</summary>
public sealed class InitiateFieldsTests
{
    [Theory]
    [InlineData("<sip:+12025550122@example.net>;reason=user-busy, <sip:b@example.net>", """{"reason":"user-busy","origTo":"+12025550122"}""")]
    [InlineData("\"A, \\\"B\\\" >,\" <sip:a,b@example.net>;screen=yes", """{"screen":"yes","origTo":"a,b"}""")]
    [InlineData("<sip:%2B12025550122@example.net>;Reason=\"a;b\";reason=c;x", """{"Reason":"a;b","x":"","origTo":"+12025550122"}""")]
    [InlineData("<sip:a@example.net>;origTo=b", """{"origTo":"a"}""")]
    [InlineData("<sip:example.net>", """{"origTo":"sip:example.net"}""")]
    [InlineData("<sip:a@example.net>;x=\"\u00ff\"", """{"x":"�","origTo":"a"}""")]
    [InlineData("<sip:a@example.net", null)]
    public void Diversion_LatestValue_IsOneKeyForEachParameter(string header, string? expected)
    {
        var json = Write($"Diversion: {header}\r\nDiversion: <sip:older@example.net>\r\n");
        Assert.Equal(expected, json.TryGetProperty("diversion", out var diversion) ? diversion.GetRawText() : null);
    }

    [Fact]
    public void UserToUser_SeveralHeaders_AreJoinedInOrder()
    {
        var json = Write("user-to-user: aGk=;encoding=base64\r\nUser-To-User: 00ff;encoding=hex\r\n");
        Assert.Equal("aGk=;encoding=base64,00ff;encoding=hex", json.GetProperty("uui").GetString());
    }

    [Fact]
    public void NeitherHeader_LeavesOnlyTheCallId() => Assert.Equal("""{"sipCallId":"call"}""", Write("").GetRawText());

    [Fact]
    public void AnyOctets_MakeValidJson() => Gen.String[Gen.Char["<>\",;:=\\ @a%1\u00e9\u00ff"], 0, 60].Sample(text =>
    {
        Assert.Equal("call", Write($"Diversion: {text}\r\nUser-To-User: {text}\r\nDiversion: <sip:a@b>;{text}\r\n").GetProperty("sipCallId").GetString());
        Assert.Equal("call", Write($"Diversion: <sip:a@b>;x={text}\r\n").GetProperty("sipCallId").GetString());
    });

    private static JsonElement Write(string headers)
    {
        var invite = ParsedMessage.Datagram(new RequestText { Method = "INVITE", Headers = headers }.ToString());
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            InitiateFields.Write(json, InviteHeaders.Read(invite), "call");
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
