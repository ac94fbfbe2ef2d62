using Bunit;
using Sipstead.Dashboard.Components;

namespace Sipstead.Dashboard.Tests.Components;

public sealed class BarChartTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Fact]
    public void Bars_AreAsHighAsTheirValues_AndTheSumIsTold()
    {
        var chart = Render(0, 5, 10);

        Assert.Equal(["0", "29", "58"], chart.FindAll("rect").Select(bar => bar.GetAttribute("height")));
        Assert.Equal("15", chart.Find("figcaption strong").TextContent);
        Assert.Equal("Calls: 15 in the last 0.2 hours, at most 10 in 5 minutes", chart.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void SmallValue_BesideALargeOne_IsStillSeen() => Assert.Equal(["2", "58"], Render(1, 1000).FindAll("rect").Select(bar => bar.GetAttribute("height")));

    [Fact]
    public void Nothing_HasNoHeight() => Assert.All(Render(0, 0, 0).FindAll("rect"), bar => Assert.Equal("0", bar.GetAttribute("height")));

    private IRenderedComponent<BarChart> Render(params int[] values) => _context.Render<BarChart>(
        chart => chart.Add(c => c.Title, "Calls").Add(c => c.Values, values).Add(c => c.Interval, TimeSpan.FromMinutes(5)));
}
