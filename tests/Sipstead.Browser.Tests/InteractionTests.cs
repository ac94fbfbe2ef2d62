using System.Globalization;
using Microsoft.Playwright;

namespace Sipstead.Browser.Tests;

/// <summary>
/// How long a click takes to show. The figures go to the test's output (<c>./test --filter-class '*InteractionTests' --output Detailed</c>) and from there to
/// docs/performance.md; what is asserted is only that nobody waits for seconds.
/// </summary>
public sealed class InteractionTests(DashboardServer server)
{
    private const int Rounds = 15;
    private const double Bearable = 2_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Click_Shows_BeforeAnybodyWaits()
    {
        var realm = await server.Client.CreateRealmAsync("interactive", Cancel);
        await server.Client.CreateCredentialAsync(realm, "quick", "wonderland", Cancel);
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        await user.GoToAsync("devices", "Devices");

        await MeasureAsync(user, "from page to page", "a[href$='/calls']", "h1", "Calls", "a[href$='/devices']", "Devices");
        await user.GoToAsync("credentials", "SIP Credentials");
        await MeasureAsync(user, "open and close a dialog", "[aria-label='Add a realm']", ".mud-dialog button", "Cancel", ".mud-dialog button:has-text('Cancel')", null);
        Assert.Empty(user.Errors);
    }

    /// <summary>Clicks, and waits within the page until an element has the text; then the way back.</summary>
    private static async Task MeasureAsync(DashboardUser user, string what, string click, string shown, string text, string back, string? backText)
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var target = await user.Page.WaitForSelectorAsync(click);
            times.Add(await target!.EvaluateAsync<double>(
                """
                (element, [shown, text]) => new Promise(resolve => {
                  const begin = performance.now();
                  const look = () => [...document.querySelectorAll(shown)].some(found => found.textContent.trim() === text)
                    ? resolve(performance.now() - begin) : requestAnimationFrame(look);
                  element.click();
                  look();
                })
                """,
                new[] { shown, text }));
            await user.Page.Locator(back).First.ClickAsync();
            if (backText is null) await Assertions.Expect(user.Page.Locator(shown)).ToHaveCountAsync(0);
            else await Assertions.Expect(user.Page.Locator("h1")).ToHaveTextAsync(backText);
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{what}: median {times[Rounds / 2]:0} ms, fastest {times[0]:0}, slowest {times[^1]:0}"));
        Assert.InRange(times[Rounds / 2], 0, Bearable);
    }
}
