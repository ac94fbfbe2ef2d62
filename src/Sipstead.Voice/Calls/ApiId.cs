using System.Globalization;
using System.Security.Cryptography;

namespace Sipstead.Voice.Calls;

/// <summary>Ids of the API: a prefix that tells the kind, <c>-</c>, 8 hexadecimal digits, <c>-</c> and a UUID (voice-api.md 1).</summary>
internal static class ApiId
{
    public static string Create(string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}-{RandomNumberGenerator.GetInt32(int.MaxValue):x8}-{Guid.NewGuid():D}");
}
