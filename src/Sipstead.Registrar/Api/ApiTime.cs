using System.Globalization;

namespace Sipstead.Registrar.Api;

/// <summary>Times as the XML API writes them: UTC, with milliseconds.</summary>
internal static class ApiTime
{
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
