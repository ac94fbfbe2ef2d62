using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>
/// What one test of calls works with: a user in a realm of its own, and the user's application. The application hears at <c>/answer</c> of calls that the
/// API makes, at <c>/initiate</c> of those that the user makes, and at <c>/disconnect</c> of the end of both. At the end, every webhook that came is
/// compared with the contract.
/// </summary>
internal sealed class CallScene : IAsyncDisposable
{
    /// <summary>Who calls when the API does.</summary>
    public const string From = "+12025550100";

    private readonly InteropServer _server;

    private CallScene(InteropServer server, WebhookCatcher application, string applicationId, Subscriber alice)
    {
        (_server, Application, ApplicationId, Alice) = (server, application, applicationId, alice);
        Contract = new WebhookContract(applicationId, server.Setup.HttpAddress);
    }

    public WebhookCatcher Application { get; }

    public string ApplicationId { get; }

    public Subscriber Alice { get; }

    public WebhookContract Contract { get; }

    /// <summary>The user's address as the guide has it called: with a '+' before the name.</summary>
    public string AliceUri => $"sip:+{Alice.UserName}@{Alice.Realm.Fqdn}";

    /// <summary>The address of another user of her realm, as documents name it.</summary>
    public string UriOf(string user) => $"sip:{user}@{Alice.Realm.Fqdn}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<CallScene> CreateAsync(InteropServer server)
    {
        var application = await WebhookCatcher.StartAsync(Cancel);
        var name = string.Create(CultureInfo.InvariantCulture, $"calls {application.Address.Port}");
        var id = await server.Client.CreateApplicationAsync(name, application.Url("/initiate"), application.Url("/disconnect"), Cancel);
        return new CallScene(server, application, id, await server.SubscribeAsync(applicationId: id));
    }

    /// <summary>createCall to the user, with more properties or without. Gives the call's id.</summary>
    public async Task<string> CallAsync(params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject
        {
            ["from"] = From, ["to"] = AliceUri, ["applicationId"] = ApplicationId,
            ["answerUrl"] = Application.Url("/answer").ToString(), ["disconnectUrl"] = Application.Url("/disconnect").ToString(),
        };
        foreach (var (name, value) in more) body[name] = value;
        var created = await _server.Voice.CreateCallAsync(body, Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        return created["callId"]!;
    }

    /// <summary>The call as the API shows it now.</summary>
    public async Task<JsonElement> StateAsync(string callId)
    {
        var answer = await _server.Voice.GetCallAsync(callId, Cancel);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Json;
    }

    /// <summary>Waits until the API shows the call in a state.</summary>
    public Task WaitForStateAsync(string callId, string state) =>
        Poll.UntilAsync($"the call to be {state}", async () => (await StateAsync(callId)).GetProperty("state").GetString() == state, Cancel);

    /// <summary>updateCall with <c>state: completed</c>.</summary>
    public async Task CompleteAsync(string callId)
    {
        var answer = await _server.Voice.UpdateCallAsync(callId, new JsonObject { ["state"] = "completed" }, Cancel);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }

    /// <summary>Waits for a webhook.</summary>
    public Task<CaughtRequest> ExpectAsync(string eventType) => Application.ExpectAsync(eventType, Cancel);

    /// <summary>Waits for the webhook of a call's end, with this cause, and checks that the API tells the same.</summary>
    public async Task<CaughtRequest> ExpectEndAsync(string cause)
    {
        var end = await ExpectAsync("disconnect");
        Assert.True(end["cause"] == cause, end.Text);
        var state = await StateAsync(end.CallId!);
        Assert.Equal(("disconnected", cause), (state.GetProperty("state").GetString(), state.GetProperty("disconnectCause").GetString()));
        return end;
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        foreach (var webhook in Application.Requests.Where(request => request.EventType is not null)) Contract.Check(webhook);
    }
}
