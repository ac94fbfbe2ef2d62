using System.Text;
using Sipstead.Provisioning.Locations;
using Sipstead.Sip.Messages;

namespace Sipstead.Voice.Calls;

/// <summary>What a device dialled, as the API writes it (webhooks.md 8.2).</summary>
internal static class Dialled
{
    /// <summary>A telephone number in E.164 form, else the URI without parameters.</summary>
    public static string Of(ReadOnlySpan<byte> octets)
    {
        if (!SipUri.TryParse(octets, out var uri) || !uri.HasUser) return Encoding.UTF8.GetString(octets);
        return E164.FromDialled(UserPart.Of(uri)) ?? $"sip:{Encoding.UTF8.GetString(uri.User)}@{Encoding.ASCII.GetString(uri.Host)}";
    }
}
