using System.Net;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Api;

/// <summary>Limits and the queue over HTTP (voice-api.md 2, 3, 8).</summary>
public sealed class ApiLimitTests(ApiLimitTests.LimitedApi api) : IClassFixture<ApiLimitTests.LimitedApi>
{
    [Fact]
    public async Task Queue_UntilItIsFull_IsToldThenCallsAre429()
    {
        Assert.Equal("""{"currentCallQueueSize":0,"maxCallQueueSize":1500}""", (await api.GetAsync("statistics")).Body);
        for (var i = 0; i < 1505; i++) api.Voice.Create();

        Assert.Equal("""{"currentCallQueueSize":1500,"maxCallQueueSize":1500}""", (await api.GetAsync("statistics")).Body);
        var answer = await api.PostAsync("calls", api.NewCall());
        answer.ShouldBe(429, "error", "Account call creation rate limit exceeded");
        Assert.NotNull(answer.Headers.RetryAfter);

        var queued = (await api.GetAsync("calls?pageSize=1500")).Json[1499];
        Assert.Equal("queued", queued.GetProperty("state").GetString());
        Assert.False(queued.TryGetProperty("startTime", out _)); // null would break a client
        var id = queued.GetProperty("callId").GetString();
        (await api.PostAsync($"calls/{id}", "{\"redirectUrl\":\"http://app.example/\"}"))
            .ShouldBe(409, "validation", $"Call [{id}] cannot be modified in its current state");
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"calls/{id}", "{\"state\":\"completed\"}")).Status);
        var ended = await api.EndOfAsync(id!);
        Assert.Equal("cancel", ended["disconnectCause"]);
        Assert.Null(ended["startTime"]);
        Assert.Equal(HttpStatusCode.Created, (await api.PostAsync("calls", api.NewCall())).Status);
        var ofAnother = await api.SendAsync(HttpMethod.Get, ApiHarness.Path("statistics", "9900001"), (string?)null, null, api.Stranger);
        Assert.Equal("""{"currentCallQueueSize":0,"maxCallQueueSize":1500}""", ofAnother.Body);
    }

    /// <summary>An API under the profile <c>bandwidth</c>.</summary>
    public sealed class LimitedApi : ApiHarness
    {
        private protected override VoiceOptions Options => new() { Profile = VoiceProfile.Bandwidth };
    }
}
