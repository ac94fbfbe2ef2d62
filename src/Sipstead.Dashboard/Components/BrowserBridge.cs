using System.Globalization;
using Microsoft.JSInterop;

namespace Sipstead.Dashboard.Components;

/// <summary>What only the browser knows or can do: time zone, light or dark, the clipboard. One for each circuit.</summary>
public sealed class BrowserBridge(IJSRuntime script)
{
    /// <summary>The function that tells <see cref="BrowserFacts"/>.</summary>
    internal const string FactsFunction = $"{Module}.facts";

    private const string Module = "sipsteadDashboard";

    private TimeZoneInfo? _zone;
    private TimeSpan _offset;

    /// <summary>Asks the browser for its time zone; true when the user wants the dark mode.</summary>
    public async Task<bool> ConnectAsync()
    {
        var browser = await script.InvokeAsync<BrowserFacts>(FactsFunction);
        _offset = TimeSpan.FromMinutes(-Math.Clamp(browser.OffsetMinutes, -14 * 60, 14 * 60));
        if (browser.TimeZone is { Length: > 0 and < 64 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) _zone = found;
        return browser.IsDark;
    }

    /// <summary>Keeps the choice in this browser.</summary>
    public ValueTask RememberModeAsync(bool isDark) => script.InvokeVoidAsync($"{Module}.rememberMode", isDark);

    /// <summary>Puts a text on the clipboard. False when the browser does not allow it.</summary>
    public ValueTask<bool> CopyAsync(string text) => script.InvokeAsync<bool>($"{Module}.copy", text);

    /// <summary>A time in the browser's zone; with the zone's present offset where this machine does not know the zone.</summary>
    public DateTimeOffset ToLocal(DateTimeOffset time) => _zone is null ? time.ToOffset(_offset) : TimeZoneInfo.ConvertTime(time, _zone);

    /// <summary>When a day begins in the browser's zone, or one after it.</summary>
    /// <param name="day">As date fields give it, such as <c>2026-11-27</c>; null is returned for what is none, as in a field that is empty.</param>
    /// <param name="later">How many days after it.</param>
    public DateTimeOffset? StartOf(string? day, int later = 0)
    {
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date == DateOnly.MaxValue) return null;
        var midnight = date.AddDays(later).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, _zone?.GetUtcOffset(midnight) ?? _offset);
    }

    /// <summary>What the browser tells of itself.</summary>
    internal sealed record BrowserFacts(string? TimeZone, int OffsetMinutes, bool IsDark);
}
