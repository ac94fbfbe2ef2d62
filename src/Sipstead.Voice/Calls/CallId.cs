using System.Globalization;
using System.Security.Cryptography;

namespace Sipstead.Voice.Calls;

/// <summary>Ids of calls: <c>c-</c>, 8 hexadecimal digits, <c>-</c> and a UUID; 47 characters (voice-api.md 1).</summary>
internal static class CallId
{
    public static string Create() =>
        string.Create(CultureInfo.InvariantCulture, $"c-{RandomNumberGenerator.GetInt32(int.MaxValue):x8}-{Guid.NewGuid():D}");
}
