using System.Globalization;
using System.Security.Cryptography;

namespace Sipstead.Voice.Calls;

/// <summary>Ids of calls: <c>c-</c>, 8 hexadecimal digits, <c>-</c> and a UUID; 47 characters (voice-api.md 1).</summary>
internal static class CallId
{
    public static string Create() => Create("c");

    /// <summary>The id of something else, made the same way.</summary>
    public static string Create(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{RandomNumberGenerator.GetInt32(int.MaxValue):x8}-{Guid.NewGuid():D}");
}
