using System.Globalization;

namespace Sipstead.Voice.Callbacks;

/// <summary>Times of the API: ISO 8601 in UTC with milliseconds (voice-api.md 1).</summary>
internal static class ApiTime
{
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a time of a query; one without an offset is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
