using System.Net;
using System.Text.Json;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Tests.Trunks;

namespace Sipstead.Voice.Tests.Api;

/// <summary>listCalls and getCallState over HTTP (voice-api.md 4.2, 4.3).</summary>
public sealed class ListCallsTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    [Fact]
    public async Task List_PagesByLinksThatKeepTheFilters()
    {
        const string to = "+12025550177";
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await api.CreateAsync(to: to));
        foreach (var id in ids) await api.EndOfAsync(id);

        var found = new List<string>();
        var path = ApiHarness.Path($"calls?to={Uri.EscapeDataString(to)}&disconnectCause=rejected&pageSize=2");
        for (var pages = 1; ; pages++)
        {
            var page = await api.SendAsync(HttpMethod.Get, path, (string?)null, null);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            found.AddRange(page.Json.EnumerateArray().Select(call => call.GetProperty("callId").GetString()!));
            if (!page.Headers.TryGetValues("Link", out var links))
            {
                Assert.Equal(3, pages);
                break;
            }

            var link = links.Single();
            Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
            Assert.StartsWith($"<{api.Address}api/v2/accounts/9900000/calls?", link, StringComparison.Ordinal);
            Assert.Contains("to=%2B12025550177", link, StringComparison.OrdinalIgnoreCase);
            path = link[1..link.IndexOf('>', StringComparison.Ordinal)];
        }

        Assert.Equal(ids, found);
    }

    [Theory]
    [InlineData("to=%2B12025559999")]
    [InlineData("to=%2b12025559999")]
    [InlineData("minStartTime=2030-01-01T00:00:00.000Z")]
    [InlineData("maxStartTime=2020-01-01")]
    [InlineData("disconnectCause=account-limit")]
    public async Task List_NothingFound_IsAnEmptyArray(string query)
    {
        await api.CreateAsync();
        var answer = await api.GetAsync($"calls?{query}");
        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, answer.Body));
        Assert.False(answer.Headers.Contains("Link"));
    }

    [Theory]
    [InlineData("pageSize=0", "pageSize must be within the range [1, 10000], but was 0")]
    [InlineData("pageSize=10001", "pageSize must be within the range [1, 10000], but was 10001")]
    [InlineData("pageSize=x", "pageSize must be within the range [1, 10000], but was x")]
    [InlineData("pageToken=%20", "Invalid pageToken")]
    [InlineData("pageToken=!", "Invalid pageToken")]
    [InlineData("pageToken=AAAA", "Invalid pageToken")]
    [InlineData("minStartTime=yesterday", "Invalid minStartTime: must be an ISO 8601 time, such as 2026-01-31T12:00:00.000Z")]
    [InlineData("maxStartTime=99", "Invalid maxStartTime: must be an ISO 8601 time, such as 2026-01-31T12:00:00.000Z")]
    public async Task List_BadQuery_Is400(string query, string description) =>
        (await api.GetAsync($"calls?{query}")).ShouldBe(400, "validation", description);

    [Fact]
    public async Task Get_EndedCall_HasItsWholeStory()
    {
        var id = await api.CreateAsync(to: $"sip:nobody@{api.Voice.Realm}");

        var ended = await api.EndOfAsync(id);

        Assert.Equal(
            $$"""
            {"callId":"{{id}}","applicationId":"{{api.Voice.Application.Id}}","accountId":"9900000","to":"sip:nobody@{{api.Voice.Realm}}","from":"+12025550100",
            "direction":"outbound","state":"disconnected","enqueuedTime":"2026-01-02T03:04:05.000Z","startTime":"2026-01-02T03:04:05.000Z",
            "endTime":"2026-01-02T03:04:05.000Z","disconnectCause":"error",
            "errorMessage":"sip:nobody@{{api.Voice.Realm}}: there is no such user in the realm {{api.Voice.Realm}}","errorId":"{{ended["errorId"]}}",
            "lastUpdate":"2026-01-02T03:04:05.000Z"}
            """.ReplaceLineEndings(""), ended.Body);
    }

    [Fact]
    public async Task Get_AnsweredCall_NeverHoldsNull()
    {
        var id = await api.EstablishAsync();
        var answer = await api.GetAsync($"calls/{id}");
        Assert.Equal("answered", answer["state"]);
        Assert.NotNull(answer["answerTime"]);
        Assert.DoesNotContain(answer.Json.EnumerateObject(), property => property.Value.ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task Get_IdInAnotherCase_IsNotFound()
    {
        var id = await api.CreateAsync();
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"CALLS/{id}")).Status);
        (await api.GetAsync($"calls/{id.ToUpperInvariant()}")).ShouldBe(404, "validation", $"Call [{id.ToUpperInvariant()}] not found");
    }

    [Fact]
    public async Task Call_HasWhatItsTrunkSaysOfTheCaller()
    {
        api.Voice.Catcher.AnswerBxml("/initiate", VoiceTest.Waiting);
        api.Voice.View.SetTrunk(TrunkTest.Entry(
            7, VoiceHarness.Account, "carrier.example", null, outbound: [], sources: ["127.0.0.1/32"], routes: [("*", api.Voice.Application.Id, null)]));
        api.Voice.CarrierAt("127.0.0.1").Call(
            "sip:+12025550123@192.0.2.1", "P-Attestation-Indicator: A\r\nIdentity: header.payload.signature\r\n", from: "<sip:+12025550188@carrier.example;verstat=TN-Validation-Passed>");

        var call = (await api.Voice.InboundAsync()).State;

        var told = await api.GetAsync($"calls/{call.CallId}");
        Assert.Equal("header.payload.signature", told["identity"]);
        Assert.Equal("""{"verstat":"TN-Validation-Passed","attestationIndicator":"A"}""", told["stirShaken"]);
        Assert.Equal(told["identity"], (await api.GetAsync("calls?from=%2B12025550188")).Json[0].GetProperty("identity").GetString());
    }
}
