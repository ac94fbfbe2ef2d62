using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;

namespace Sipstead.Browser.Tests;

/// <summary>Trunks from the first form to the last click.</summary>
public sealed class TrunksTests(DashboardServer server)
{
    [Fact]
    public async Task Trunk_IsMade_AfterAMistakeIsPutRight_ShowsItsHealth_AndIsDeleted()
    {
        const long Account = 9_900_209;
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(Account, "trunker");
        using var carrier = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)carrier.Client.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        var answering = AnswerAsync(carrier);
        await user.SignInAsync("trunker");
        await user.GoToAsync("trunks", "Trunks", Account);
        await Assertions.Expect(user.Page.GetByText("No trunk yet.")).ToBeVisibleAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Add trunk" }).ClickAsync();
        var form = user.Page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Name", new() { Exact = true }).FillAsync("carrier");
        await form.GetByLabel("Host", new() { Exact = true }).FillAsync("127.0.0.1");
        await form.GetByLabel("Port", new() { Exact = true }).FillAsync(port);
        await form.GetByLabel("Numbers that are called over it").FillAsync("+1x");

        await form.GetByRole(AriaRole.Button, new() { Name = "Add trunk" }).ClickAsync();

        await Assertions.Expect(form.GetByText("Invalid outbound: '+1x' is no pattern")).ToBeVisibleAsync();
        await form.GetByLabel("Numbers that are called over it").FillAsync("+1*");
        await form.GetByRole(AriaRole.Button, new() { Name = "Add trunk" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("carrier");
        await answering;
        await Assertions.Expect(user.Page.Locator(".trunk-mark")).ToContainTextAsync("Up: answered 405 in"); // without a reload

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete trunk" }).ClickAsync();
        await Assertions.Expect(user.Page.GetByText("No trunk yet.")).ToBeVisibleAsync();
        Assert.Empty(user.Errors);
    }

    /// <summary>Answers one request as a host that has no OPTIONS.</summary>
    private static async Task AnswerAsync(UdpClient carrier)
    {
        var request = await carrier.ReceiveAsync(TestContext.Current.CancellationToken);
        var lines = Encoding.ASCII.GetString(request.Buffer).Split("\r\n");
        var kept = lines.Where(line => line.StartsWith("Via:", StringComparison.Ordinal) || line.StartsWith("From:", StringComparison.Ordinal)
            || line.StartsWith("Call-ID:", StringComparison.Ordinal) || line.StartsWith("CSeq:", StringComparison.Ordinal));
        var to = lines.Single(line => line.StartsWith("To:", StringComparison.Ordinal)) + ";tag=1";
        var answer = $"SIP/2.0 405 Method Not Allowed\r\n{string.Join("\r\n", kept)}\r\n{to}\r\nContent-Length: 0\r\n\r\n";
        await carrier.SendAsync(Encoding.ASCII.GetBytes(answer), request.RemoteEndPoint, TestContext.Current.CancellationToken);
    }
}
