using System.Globalization;
using System.Xml;

namespace Sipstead.Provisioning.Api;

/// <summary>Times and durations of the APIs: ISO 8601, times in UTC with milliseconds (voice-api.md 1).</summary>
public static class ApiTime
{
    /// <summary>Such as <c>2026-05-06T07:08:09.123Z</c>.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>PT13.67S</c>.</summary>
    public static string Format(TimeSpan duration) => XmlConvert.ToString(duration);

    /// <summary>Reads a time of a query; one without an offset is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
