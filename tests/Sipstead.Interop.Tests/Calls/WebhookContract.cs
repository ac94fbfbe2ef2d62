using System.Globalization;
using System.Text.Json;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>Compares the bodies of webhooks with the contract: exactly these properties, none of them null, times in order (webhooks.md 1 to 3).</summary>
internal sealed class WebhookContract(string applicationId, Uri server)
{
    private static readonly string[] Common =
        ["eventType", "eventTime", "accountId", "applicationId", "from", "to", "direction", "callId", "callUrl", "startTime"];

    /// <summary>In the order in which the moments come; a webhook is written after all of them.</summary>
    private static readonly string[] Times = ["enqueuedTime", "startTime", "answerTime", "endTime", "eventTime"];

    /// <summary>A webhook of a call that the API made. <paramref name="more"/> is what comes to the common properties, such as <c>answerTime</c>.</summary>
    public void CheckOutbound(CaughtRequest webhook, string to, params string[] more) =>
        Check(webhook, "outbound", CallScene.From, to, ["enqueuedTime", .. more]);

    /// <summary>A webhook of a call that a device made.</summary>
    public void CheckInbound(CaughtRequest webhook, string from, string to, params string[] more) => Check(webhook, "inbound", from, to, more);

    private void Check(CaughtRequest webhook, string direction, string from, string to, string[] more)
    {
        Assert.Equal("POST", webhook.Method);
        Assert.StartsWith("application/json", webhook.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.False(webhook.Headers.ContainsKey("Authorization"));
        var body = webhook.Json;
        Assert.Equal(Common.Concat(more).Order(StringComparer.Ordinal), body.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(body.EnumerateObject(), p => p.Value.ValueKind == JsonValueKind.Null);
        var account = ServerSetup.Account.ToString(CultureInfo.InvariantCulture);
        Assert.Equal((account, applicationId), (webhook["accountId"], webhook["applicationId"]));
        Assert.Equal((direction, from, to), (webhook["direction"], webhook["from"], webhook["to"]));
        Assert.Equal(new Uri(server, $"/api/v2/accounts/{account}/calls/{webhook.CallId}").ToString(), webhook["callUrl"]);
        CheckTimes(webhook);
    }

    private static void CheckTimes(CaughtRequest webhook)
    {
        var times = Times.Select(name => webhook[name]).OfType<string>().Select(Read).ToList();
        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.True((TimeProvider.System.GetUtcNow() - time).Duration() < TimeSpan.FromMinutes(2)));
    }

    private static DateTimeOffset Read(string text) => DateTimeOffset.ParseExact(
        text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
