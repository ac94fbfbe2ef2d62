using System.Text.Json;

namespace Sipstead.Server.Demo;

/// <summary>What the demo reads of a webhook; what is absent is empty.</summary>
internal sealed record DemoEvent(
    string EventType = "", string From = "", string To = "", string Direction = "", string Digits = "", string Cause = "", string RecordingId = "", string Tag = "")
{
    /// <summary>Reads a webhook's body; one that is no JSON object says nothing.</summary>
    public static async Task<DemoEvent> ReadAsync(HttpRequest request)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            string Text(string name) =>
                body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()!
                    : "";
            return new DemoEvent(
                Text("eventType"), Text("from"), Text("to"), Text("direction"), Text("digits"), Text("cause"), Text("recordingId"), Text("tag"));
        }
        catch (JsonException)
        {
            return new DemoEvent();
        }
    }
}
