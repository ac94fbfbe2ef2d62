using System.Text.Json;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Api;

/// <summary>Line breaks in whatever users and peers give never make a header of ours (docs/security.md).</summary>
public sealed class HeaderInjectionTests(ApiHarness api) : IClassFixture<ApiHarness>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private VoiceHarness Voice => api.Voice;

    public static TheoryData<string, string> Fields()
    {
        string[] fields =
        [
            "from", "to", "applicationId", "answerUrl", "answerMethod", "answerFallbackUrl", "answerFallbackMethod", "disconnectUrl", "disconnectMethod", "username",
            "password", "fallbackUsername", "fallbackPassword", "displayName", "uui", "tag", "priority", "callTimeout",
        ];
        string[] breaks = ["\r\n", "\n", "\r", "\0", "\u0085", "\u2028", "%0d%0a"];
        var all = new TheoryData<string, string>();
        foreach (var field in fields)
        {
            foreach (var text in breaks) all.Add(field, text);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task S_32_FieldOfCreateCall_WithALineBreak_MakesNoHeader(string field, string lineBreak)
    {
        var user = $"user{Guid.NewGuid():N}";
        var phone = Voice.AddPhone(user);
        var evil = $"{lineBreak}X-Evil: 1";
        var wish = new Dictionary<string, string>
        {
            ["from"] = "+12025550100", ["to"] = $"sip:{user}@{Voice.Realm}", ["applicationId"] = Voice.Application.Id.ToString(),
            ["answerUrl"] = Voice.Catcher.Url("/answer").ToString(), ["uui"] = "00ff;encoding=hex", ["username"] = "u", ["password"] = "p",
        };
        wish[field] = $"{wish.GetValueOrDefault(field)}{evil}";
        var created = await api.PostAsync("calls", JsonSerializer.Serialize(wish));
        AssertClean([.. created.Headers.Select(header => header.Key), .. created.ContentHeaders.Select(header => header.Key)]);
        if ((int)created.Status == 400) return;

        Assert.Equal(201, (int)created.Status);
        var id = created["callId"]!;
        var rang = await Poll.ForAsync(
            "an INVITE, or the end of the call",
            async () => phone.Kinds.Contains("INVITE") || (await api.GetAsync($"calls/{id}"))["state"] == "disconnected" ? phone : null, Cancel);
        if (rang.Kinds.Contains("INVITE")) await rang.AcceptAsync(await rang.ExpectAsync("INVITE"));
        foreach (var message in rang.Got) AssertClean(message);
        await api.PostAsync($"calls/{id}", """{"state":"completed"}""");
        await Poll.UntilAsync(
            "the end", async () => (await api.GetAsync($"calls/{id}"))["state"] == "disconnected", Cancel);
        foreach (var request in Voice.Catcher.Requests.Where(request => request.CallId == id)) AssertClean([.. request.Headers.Keys]);
    }

    [Theory]
    [InlineData("displayName", "Zoë\\u0085X-Evil: 1")]
    [InlineData("displayName", "Zoë\\u2028X-Evil: 1")]
    [InlineData("tag", "\\r\\nX-Evil: 1")]
    public async Task S_32_TextThatIsTaken_ReachesTheDeviceAndTheApplicationAsText(string field, string value)
    {
        var user = $"user{Guid.NewGuid():N}";
        var phone = Voice.AddPhone(user);
        var created = await api.PostAsync("calls", api.NewCall($",\"{field}\":\"{value}\"", $"sip:{user}@{Voice.Realm}"));
        if ((int)created.Status == 400) return;
        await phone.AcceptAsync(await phone.ExpectAsync("INVITE"));
        var answer = await Voice.Catcher.ExpectAsync(request => request.CallId == created["callId"] && request.EventType == "answer", "answer", Cancel);
        AssertClean([.. answer.Headers.Keys]);
        if (field == "tag") Assert.Equal("\r\nX-Evil: 1", answer["tag"]);
        foreach (var message in phone.Got) AssertClean(message);
    }

    [Fact]
    public async Task S_32_WhatADeviceSays_MakesNoHeaderInTheWebhook()
    {
        var user = $"user{Guid.NewGuid():N}";
        var phone = Voice.AddPhone(user);
        phone.Call(
            $"sip:a%0d%0aX-Evil:1@{Voice.Realm}",
            "Diversion: \"%0d%0aX-Evil: 1\" <sip:x%0d%0aX-Evil:1@x>;reason=\"a%0d%0aX-Evil\"\r\nUser-To-User: 00%0d%0aX-Evil;encoding=hex\r\n");
        var initiate = await Voice.Catcher.ExpectAsync(
            request => request.EventType == "initiate" && request["from"] == $"sip:{user}@{Voice.Realm}", "initiate", Cancel);
        AssertClean([.. initiate.Headers.Keys]);
        Assert.Equal("00%0d%0aX-Evil;encoding=hex", initiate["uui"]);
    }

    [Fact]
    public async Task S_33_LinesOfAnOffer_AppearInNoAnswerOfOurs()
    {
        var phone = Voice.AddPhone($"user{Guid.NewGuid():N}");
        Voice.Catcher.AnswerBxml("/initiate", VoiceTest.Waiting);
        var offer = ScriptedPhone.Sdp().Replace("s=-", "s=evil", StringComparison.Ordinal)
            + "a=fmtp:101 0-16\na=evil:1\r\na=fmtp:0 evil=1\r\na=evil:2\r\ni=evil\r\n";
        var placed = phone.Call($"sip:+12025550111@{Voice.Realm}", sdp: offer);
        var answer = await placed.ConfirmAsync();
        Assert.DoesNotContain("evil", answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(answer.Body.Split("\r\n"), line => line.Contains('\r', StringComparison.Ordinal) || line.Contains('\n', StringComparison.Ordinal));
    }

    private static void AssertClean(IReadOnlyList<string> headerNames) => Assert.DoesNotContain("X-Evil", headerNames, StringComparer.OrdinalIgnoreCase);

    private static void AssertClean(MessageText message)
    {
        Assert.False(message.Has("X-Evil"), message.Text);
        var head = message.Text[..message.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n", "", StringComparison.Ordinal);
        Assert.False(head.AsSpan().ContainsAny('\r', '\n', '\0'), message.Text);
    }
}
