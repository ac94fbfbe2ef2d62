using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Demo;

/// <summary><c>--demo</c>: what it makes, what it prints, and the application that it hosts.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_Demo_PrintsPhonesThatExist_AndTheSameAgainAfterARestart()
    {
        var setup = new ServerSetup(_folder["data"]);
        string first;
        await using (var server = await ServerProcess.StartAsync(setup, Cancel, "--demo"))
        {
            first = PhonesOf(server.Output);
            var credentials = await server.Client.GetAsync("realms/demo/sipcredentials?page=1", Cancel);
            var applications = await server.Client.GetAsync("applications", Cancel);

            Assert.Contains("User      alice   password ", first, StringComparison.Ordinal);
            Assert.Equal(["alice", "bob"], credentials.Xml!.Descendants("UserName").Select(name => name.Value).Order());
            Assert.All(credentials.Xml.Descendants("HttpVoiceV2AppId"), id => Assert.Equal(applications["ApplicationId"], id.Value));
            Assert.Equal($"{setup.HttpAddress}demo/voice", applications["CallInitiatedCallbackUrl"]);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["data/demo-passwords.json"]));
            await server.StopAsync(Poll.DefaultDeadline, Cancel);
        }

        await using var again = await ServerProcess.StartAsync(setup, Cancel, "--demo");
        Assert.Equal(first, PhonesOf(again.Output));
        Assert.Single((await again.Client.GetAsync("applications", Cancel)).Xml!.Descendants("Application"));
    }

    [Fact]
    public async Task Application_Demo_AnswersDocumentsThatAreValid()
    {
        var setup = new ServerSetup(_folder["data"]);
        await using var server = await ServerProcess.StartAsync(setup, Cancel, "--demo");
        using var http = new HttpClient { BaseAddress = setup.HttpAddress };

        await ExpectAsync(http, "voice", new { direction = "inbound", from = "sip:alice@demo", to = "+15550100" }, "Gather", "an echo test");
        await ExpectAsync(http, "voice", new { direction = "inbound", from = "sip:alice@demo", to = "sip:alice@demo" }, "Gather");
        await ExpectAsync(http, "voice", new { direction = "inbound", from = "sip:alice@demo", to = "sip:bob@demo" }, "Transfer", "<SipUri>sip:bob@demo.");
        await ExpectAsync(http, "menu", new { digits = "1", direction = "outbound", to = "sip:bob@demo" }, "Transfer", "<SipUri>sip:alice@demo.");
        await ExpectAsync(http, "menu", new { digits = "1", direction = "inbound", from = "+15550101" }, "Gather"); // a call of no phone of the demo
        await ExpectAsync(http, "menu", new { digits = "2", direction = "inbound", from = "sip:bob@demo" }, "no messages", "Redirect");
        await ExpectAsync(http, "menu", new { digits = "3" }, "<Conference", "conferenceEventUrl");
        await ExpectAsync(http, "menu", new { digits = "4" }, "Echo", "Redirect");
        await ExpectAsync(http, "menu", new { digits = "5" }, "gatherUrl=\"digits\"", "hash key");
        await ExpectAsync(http, "menu", new { digits = "6" }, "Hangup", "Goodbye");
        await ExpectAsync(http, "menu", new { digits = "" }, "Hangup", "Goodbye");
        await ExpectAsync(http, "menu", new { digits = "9" }, "nothing on that key", "Redirect");
        await ExpectAsync(http, "menu", new { eventType = "redirect" }, "Gather", "an echo test");
        await ExpectAsync(http, "menu", Array.Empty<int>(), "Hangup");
        await ExpectAsync(http, "called", new { cause = "hangup" }, "Goodbye");
        await ExpectAsync(http, "called", new { cause = "timeout", tag = "b<ob" }, "b&lt;ob does not answer", "<Record");
        await ExpectAsync(http, "recorded", new { tag = "bob", recordingId = "r-1" }, "Your message is kept");
        await ExpectAsync(http, "menu", new { digits = "2", direction = "inbound", from = "sip:bob@demo" }, "Message 1", "<PlayAudio>messages/r-1</PlayAudio>");
        await ExpectAsync(http, "digits", new { digits = "4711" }, "<say-as interpret-as=\"characters\">4711</say-as>", "Redirect");
        await ExpectAsync(http, "digits", new { digits = "<Hangup/>" }, "&lt;Hangup/&gt;", "Redirect");
        await ExpectAsync(http, "conference", new { eventType = "conferenceMemberJoin" }, "has joined");
        using var status = await http.PostAsync(new Uri("demo/status", UriKind.Relative), null, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, status.StatusCode);
    }

    [Fact]
    public async Task Application_WithoutDemo_IsNotThere()
    {
        var setup = new ServerSetup(_folder["data"]);
        await using var server = await ServerProcess.StartAsync(setup, Cancel);
        using var http = new HttpClient { BaseAddress = setup.HttpAddress };
        using var answer = await http.PostAsync(new Uri("demo/voice", UriKind.Relative), null, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>Asks the demo's application, and has the server check what it answers.</summary>
    private static async Task ExpectAsync(HttpClient http, string path, object webhook, params string[] parts)
    {
        using var content = new StringContent(JsonSerializer.Serialize(webhook), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"demo/{path}", UriKind.Relative), content, Cancel);
        var bxml = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.All(parts, part => Assert.Contains(part, bxml, StringComparison.Ordinal));

        if (path == "conference") return; // its verbs are few, and are no call's to check
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v2/accounts/{ServerSetup.Account}/bxml/validate");
        request.Content = new StringContent(bxml, Encoding.UTF8, "application/xml");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ServerSetup.UserName}:{ServerSetup.Password}")));
        using var verdict = await http.SendAsync(request, Cancel);
        Assert.Equal("{\"valid\":true}", await verdict.Content.ReadAsStringAsync(Cancel));
    }

    private static string PhonesOf(string output) =>
        string.Join('\n', output.Split('\n').Where(line => line.Contains("Domain", StringComparison.Ordinal) || line.Contains("password ", StringComparison.Ordinal)));
}
