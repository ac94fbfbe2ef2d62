using System.Globalization;
using Sipstead.Media;

namespace Sipstead.Voice.Calls;

/// <summary>Warning headers for session descriptions that are not taken (RFC 3261 20.43).</summary>
internal static class SipWarning
{
    public static string Of(MediaRefusal refusal) => string.Create(CultureInfo.InvariantCulture, $"{refusal.Warning} sipstead \"{refusal.Reason}\"");
}
