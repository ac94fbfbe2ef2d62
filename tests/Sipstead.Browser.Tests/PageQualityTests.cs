using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Sipstead.Browser.Tests;

/// <summary>What every page of the menu keeps to: accessible in both modes, light to load, usable on a phone, and no error on the console.</summary>
public sealed class PageQualityTests(DashboardServer server)
{
    private const int MaximumFirstLoad = 1_500_000;

    public static TheoryData<string, string> Pages => DashboardPages.All;

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_InBothModes_HasNoSeriousAccessibilityViolation(string page, string heading)
    {
        foreach (var colors in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var user = await server.OpenAsync(colors: colors);
            await user.SignInAsync();
            await user.GoToAsync(page, heading);

            var found = await user.Page.RunAxe();

            Assert.True(!found.Violations.Any(IsSerious), string.Join('\n', found.Violations.Where(IsSerious).Select(violation => $"{colors}: {Describe(violation)}")));
            Assert.Empty(user.Errors);
        }
    }

    [Fact]
    public async Task SignIn_InBothModes_HasNoSeriousAccessibilityViolation()
    {
        foreach (var colors in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var user = await server.OpenAsync(colors: colors);
            await user.Page.GotoAsync("/signin");

            var found = await user.Page.RunAxe();

            Assert.True(!found.Violations.Any(IsSerious), string.Join('\n', found.Violations.Where(IsSerious).Select(violation => $"{colors}: {Describe(violation)}")));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_FirstLoad_StaysLight(string page, string heading)
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        var sizes = new List<Task<int>>();
        user.Page.Response += (_, response) => sizes.Add(SizeAsync(response));

        await user.Page.RouteAsync("**/*", route => route.ContinueAsync()); // routing switches the browser's cache off
        await user.GoToAsync(page, heading);

        var octets = (await Task.WhenAll(sizes)).Sum();
        Assert.InRange(octets, 50_000, MaximumFirstLoad);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_OnAPhone_IsNotWiderThanTheScreen(string page, string heading)
    {
        const int Width = 360;
        await using var user = await server.OpenAsync(Width, 740);
        await user.SignInAsync();
        await user.GoToAsync(page, heading);

        Assert.Equal(Width, await user.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, window.innerWidth)"));
    }

    private static bool IsSerious(AxeResultItem violation) => violation.Impact is "serious" or "critical";

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}";

    private static async Task<int> SizeAsync(IResponse response)
    {
        try
        {
            return (int)(await response.Request.SizesAsync()).ResponseBodySize;
        }
        catch (PlaywrightException)
        {
            return 0; // a WebSocket, or a request that the page gave up
        }
    }
}
