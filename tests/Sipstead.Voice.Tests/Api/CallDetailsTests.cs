using System.Net;
using System.Text.Json;
using Sipstead.Testing;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Api;

/// <summary>documents, media and trace of a call over HTTP, which are ours.</summary>
public sealed class CallDetailsTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    [Theory]
    [InlineData("documents")]
    [InlineData("media")]
    [InlineData("trace")]
    public async Task S_57_CallOfAnotherAccount_Is404(string resource)
    {
        var id = await api.CreateAsync();
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"calls/{id}/{resource}", api.Reader)).Status);
        var path = ApiHarness.Path($"calls/{id}/{resource}", VoiceHarness.OtherAccount.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await api.SendAsync(HttpMethod.Get, path, (string?)null, null, api.Stranger)).ShouldBe(404, "validation", $"Call [{id}] not found");
        (await api.GetAsync($"calls/{id}/{resource}", api.Stranger)).ShouldBe(403, "authorization-error", "Access is denied");
    }

    [Fact]
    public async Task Documents_TellWhatRan()
    {
        var id = await api.EstablishAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await api.PutAsync($"calls/{id}/bxml", "<Bxml>\n<Tag>x</Tag><Hangup/></Bxml>")).Status);
        await api.EndOfAsync(id);

        var documents = (await api.GetAsync($"calls/{id}/documents")).Json;

        Assert.Equal(["webhook", "api"], documents.EnumerateArray().Select(one => Text(one, "source")));
        Assert.Equal(("answer", VoiceTest.Waiting), (Text(documents[0], "eventType"), Text(documents[0], "bxml")));
        Assert.EndsWith("/answer", Text(documents[0], "url"), StringComparison.Ordinal);
        Assert.Equal("interrupted", Text(documents[0].GetProperty("verbs")[0], "outcome"));
        Assert.Equal(
            """{"verb":"Hangup","line":2,"column":14,"startTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.000Z","outcome":"ended-call","cause":"hangup"}""",
            documents[1].GetProperty("verbs")[1].GetRawText());
        Assert.False(documents[1].TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Documents_InvalidOne_HasTheErrorThatValidateTells()
    {
        const string bxml = "<Bxml>\n<Gather maxDigits=\"many\"/></Bxml>";
        api.Voice.Catcher.AnswerBxml("/invalid", bxml);
        var id = await api.EstablishAsync();
        await api.PostAsync($"calls/{id}", $"{{\"redirectUrl\":\"{api.Voice.Catcher.Url("/invalid")}\"}}");
        await api.EndOfAsync(id);

        var document = (await api.GetAsync($"calls/{id}/documents")).Json[1];

        var validated = await api.SendAsync(HttpMethod.Post, ApiHarness.Path("bxml/validate"), bxml, "application/xml");
        Assert.Equal(validated.Body.Replace("{\"valid\":false,", "{", StringComparison.Ordinal), document.GetProperty("error").GetRawText());
        Assert.Equal(2, document.GetProperty("error").GetProperty("line").GetInt32());
        Assert.Equal(0, document.GetProperty("verbs").GetArrayLength());
    }

    [Fact]
    public async Task Media_OfARingingCall_HasNoFigures()
    {
        var id = await api.CreateAsync();
        var media = await Poll.ForAsync("a leg", async () =>
        {
            var answer = await api.GetAsync($"calls/{id}/media");
            return answer.Json.GetProperty("legs").GetArrayLength() == 1 ? answer : null;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(["legs"], media.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal("UDP", Text(media.Json.GetProperty("legs")[0], "transport"));
    }

    [Fact]
    public async Task Media_OfAnEndedCall_KeepsItsFigures()
    {
        var id = await api.EstablishAsync();
        await api.PostAsync($"calls/{id}", "{\"state\":\"completed\"}");
        await api.EndOfAsync(id);

        var media = (await api.GetAsync($"calls/{id}/media")).Json;

        Assert.Equal(("PCMU", 200), (Text(media, "codec"), media.GetProperty("legs")[0].GetProperty("sipStatus").GetInt32()));
        Assert.Equal((0, 0), (media.GetProperty("packetsLost").GetInt64(), media.GetProperty("concealedMs").GetDouble()));
        Assert.False(media.TryGetProperty("remoteLossPercent", out _)); // the phone does not report
    }

    [Fact]
    public async Task Trace_OfACall_HasItsMessagesInOrder()
    {
        var id = await api.EstablishAsync();
        await api.PostAsync($"calls/{id}", "{\"state\":\"completed\"}");

        var trace = await Poll.ForAsync("the answer to BYE", async () =>
        {
            var answer = await api.GetAsync($"calls/{id}/trace");
            return answer.Json.GetArrayLength() == 5 ? answer : null;
        }, TestContext.Current.CancellationToken);

        var messages = trace.Json.EnumerateArray().ToArray();
        Assert.Equal(
            [("sent", "INVITE"), ("received", "SIP/2.0 200"), ("sent", "ACK"), ("sent", "BYE"), ("received", "SIP/2.0 200")],
            messages.Select(message => (Text(message, "direction"), KindOf(Text(message, "startLine")))));
        Assert.Equal(messages.Select(message => message.GetProperty("number").GetInt64()).Order(), messages.Select(message => message.GetProperty("number").GetInt64()));
        Assert.StartsWith(Text(messages[0], "startLine") + "\r\n", Text(messages[0], "message"), StringComparison.Ordinal);
        Assert.Equal(("UDP", "127.0.0.1:5060"), (Text(messages[0], "transport"), Text(messages[0], "local")));

        static string KindOf(string startLine) =>
            startLine.StartsWith("SIP/", StringComparison.Ordinal) ? startLine[..11] : startLine[..startLine.IndexOf(' ', StringComparison.Ordinal)];
    }

    [Theory]
    [InlineData("?format=text", null, "text/plain; charset=utf-8", "txt")]
    [InlineData("", "text/plain", "text/plain; charset=utf-8", "txt")]
    [InlineData("?format=pcap", null, "application/vnd.tcpdump.pcap", "pcap")]
    [InlineData("", "text/plain;q=0.5, application/vnd.tcpdump.pcap, */*;q=0.1", "application/vnd.tcpdump.pcap", "pcap")]
    [InlineData("?format=json", "text/plain", "application/json;charset=UTF-8", null)]
    [InlineData("", "image/png, nonsense", "application/json;charset=UTF-8", null)]
    [InlineData("", "application/json, text/plain, */*", "application/json;charset=UTF-8", null)]
    public async Task Trace_ComesInTheFormatThatIsWanted(string query, string? accept, string contentType, string? extension)
    {
        var id = await api.EstablishAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiHarness.Path($"calls/{id}/trace{query}"));
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await api.Admin.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(contentType, response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.Equal(extension is null ? null : $"attachment; filename=\"{id}.{extension}\"", response.Content.Headers.ContentDisposition?.ToString());
        Assert.True(body.AsSpan().IndexOf("INVITE sip:"u8) >= 0);
    }

    [Fact]
    public async Task Trace_UnknownFormat_Is400()
    {
        var id = await api.CreateAsync();
        (await api.GetAsync($"calls/{id}/trace?format=xml")).ShouldBe(400, "validation", "Invalid format: must be one of [json, text, pcap]");
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
