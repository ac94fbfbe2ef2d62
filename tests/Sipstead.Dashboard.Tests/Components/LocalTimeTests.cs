using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Dashboard.Components;

namespace Sipstead.Dashboard.Tests.Components;

public sealed class LocalTimeTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Summer = new(2026, 7, 1, 22, 30, 15, 250, TimeSpan.Zero);

    private readonly BunitContext _context = new();

    public LocalTimeTests() => _context.Services.AddScoped<BrowserBridge>();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Theory]
    [InlineData("Europe/Berlin", 0, "2026-07-02 00:30:15")]
    [InlineData("No/Such_Zone", -330, "2026-07-02 04:00:15")] // what the browser says of its offset
    [InlineData(null, 0, "2026-07-01 22:30:15")]
    [InlineData(null, 1_000_000, "2026-07-01 08:30:15")] // no zone is that far away
    public async Task Time_IsTheBrowsers_AndTheHoverUtc(string? zone, int offsetMinutes, string shown)
    {
        var time = await RenderAsync(zone, offsetMinutes, Summer);

        Assert.Equal(shown, time.Find("time").TextContent);
        Assert.Equal("2026-07-01 22:30:15.250 UTC", time.Find("time").GetAttribute("title"));
        Assert.Equal("2026-07-01T22:30:15.250Z", time.Find("time").GetAttribute("datetime"));
    }

    [Fact]
    public async Task NoTime_IsADash() => Assert.Equal("–", (await RenderAsync(null, 0, null)).Find("span").TextContent);

    private async Task<IRenderedComponent<LocalTime>> RenderAsync(string? zone, int offsetMinutes, DateTimeOffset? at)
    {
        _context.JSInterop.Setup<BrowserBridge.BrowserFacts>(BrowserBridge.FactsFunction).SetResult(new(zone, offsetMinutes, false));
        await _context.Services.GetRequiredService<BrowserBridge>().ConnectAsync();
        return _context.Render<LocalTime>(time => time.Add(t => t.At, at));
    }
}
