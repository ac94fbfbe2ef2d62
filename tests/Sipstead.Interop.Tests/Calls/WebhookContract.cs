using System.Globalization;
using System.Text.Json;
using System.Xml;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>Compares the bodies of webhooks with the contract: exactly these properties, none of them null, times in order (webhooks.md 1 to 6).</summary>
internal sealed class WebhookContract(string applicationId, Uri server)
{
    /// <summary>In the order in which the moments come; a webhook is written after all of them. A recording has its own start and end.</summary>
    private static readonly string[] Times = ["enqueuedTime", "startTime", "answerTime", "endTime", "eventTime"];
    private static readonly string[] RecordingTimes = ["enqueuedTime", "answerTime", "startTime", "endTime", "eventTime"];

    /// <summary>Words that a property may have.</summary>
    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["direction"] = ["inbound", "outbound"], ["fileFormat"] = ["wav", "mp3"], ["channels"] = ["1", "2"], ["referCallStatus"] = ["success", "failure"],
        ["status"] = ["complete", "partial", "error", "available", "timeout", "file-size-too-big", "file-size-too-small"], ["type"] = ["WebSocket"],
        ["value"] = ["answering-machine", "human", "silence", "timeout", "tone-detected", "error"],
        ["cause"] =
        [
            "hangup", "busy", "timeout", "cancel", "rejected", "callback-error", "invalid-bxml", "application-error", "account-limit", "error", "closed",
            "connection-error", "duplicate", "track-limit",
        ],
    };

    private readonly string _account = ServerSetup.Account.ToString(CultureInfo.InvariantCulture);

    /// <summary>A webhook of a call that the API made. <paramref name="more"/> is what comes to the common properties, such as <c>answerTime</c>.</summary>
    public void CheckOutbound(CaughtRequest webhook, string to, params string[] more) =>
        Check(webhook, "outbound", CallScene.From, to, ["enqueuedTime", .. more]);

    /// <summary>A webhook of a call that a device made.</summary>
    public void CheckInbound(CaughtRequest webhook, string from, string to, params string[] more) => Check(webhook, "inbound", from, to, more);

    /// <summary>Any webhook: what the contract says of its event, whatever the call.</summary>
    public void Check(CaughtRequest webhook)
    {
        Assert.Equal("POST", webhook.Method);
        Assert.StartsWith("application/json", webhook.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.False(webhook.Headers.ContainsKey("Authorization"));
        var body = webhook.Json;
        CheckObject(webhook.Text, body, WebhookFields.OfEvent(webhook.EventType));
        if (webhook["accountId"] is { } account) Assert.Equal(_account, account);
        if (webhook["applicationId"] is { } application) Assert.Equal(applicationId, application);
        if (webhook["callUrl"] is { } url) Assert.Equal(Url($"calls/{webhook.CallId}"), url);
        if (webhook["mediaUrl"] is { } media) Assert.Equal(Url($"{OwnerOf(webhook)}/recordings/{webhook["recordingId"]}/media"), media);
        if (webhook["direction"] is "outbound") Assert.NotNull(webhook["enqueuedTime"]);
        CheckTimes(webhook);
    }

    private static string OwnerOf(CaughtRequest webhook) => webhook["conferenceId"] is { } conference ? $"conferences/{conference}" : $"calls/{webhook.CallId}";

    private static void CheckObject(string text, JsonElement body, WebhookFields fields)
    {
        var names = body.EnumerateObject().Select(p => p.Name).ToList();
        var (missing, unknown) = (fields.Always.Except(names).ToList(), names.Except(fields.Always).Except(fields.Sometimes).ToList());
        Assert.True(missing.Count == 0 && unknown.Count == 0, $"missing: {string.Join(' ', missing)}; unknown: {string.Join(' ', unknown)}; {text}");
        Assert.Equal(names.Distinct(), names);
        foreach (var property in body.EnumerateObject()) CheckProperty(text, property);
    }

    private static void CheckProperty(string text, JsonProperty property)
    {
        var (name, value) = (property.Name, property.Value);
        Assert.NotEqual(JsonValueKind.Null, value.ValueKind);
        if (value.ValueKind == JsonValueKind.Object) CheckObject(text, value, WebhookFields.OfObject(name));
        if (Words.TryGetValue(name, out var words)) Assert.Contains(value.ToString(), words);
        if (name.EndsWith("Time", StringComparison.Ordinal)) Read(value.GetString()!);
        if (name == "duration") Assert.True(XmlConvert.ToTimeSpan(value.GetString()!) >= TimeSpan.Zero);
        if (name == "tracks") Assert.All(value.EnumerateArray(), track => Assert.Contains(track.GetString(), Words["direction"]));
        Assert.Equal(name is "channels" or "sipResponseCode" or "referSipResponseCode" or "notifySipResponseCode", value.ValueKind == JsonValueKind.Number);
    }

    private static void CheckTimes(CaughtRequest webhook)
    {
        var names = webhook["recordingId"] is null ? Times : RecordingTimes;
        var times = names.Select(name => webhook[name]).OfType<string>().Select(Read).ToList();
        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.True((TimeProvider.System.GetUtcNow() - time).Duration() < TimeSpan.FromMinutes(2)));
    }

    private static DateTimeOffset Read(string text) => DateTimeOffset.ParseExact(
        text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private void Check(CaughtRequest webhook, string direction, string from, string to, string[] more)
    {
        Check(webhook);
        Assert.Equal(
            WebhookFields.Common.Concat(more).Order(StringComparer.Ordinal), webhook.Json.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal((direction, from, to), (webhook["direction"], webhook["from"], webhook["to"]));
    }

    private string Url(string path) => new Uri(server, $"/api/v2/accounts/{_account}/{path}").ToString();
}
