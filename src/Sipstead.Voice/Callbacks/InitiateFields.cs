using System.Text;
using System.Text.Json;
using Sipstead.Sip.Messages;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Callbacks;

/// <summary>What <c>initiate</c> tells of the INVITE beyond the common properties (webhooks.md 3).</summary>
internal static class InitiateFields
{
    private const string OriginalTo = "origTo";

    /// <param name="stirShaken">What a trunk says of the caller's number; devices say nothing that counts.</param>
    /// <param name="identity">The signed token that it came with by a trunk.</param>
    public static void Write(Utf8JsonWriter json, InviteHeaders invite, string sipCallId, StirShaken? stirShaken = null, string? identity = null)
    {
        if (invite.UserToUser.Count > 0) json.WriteString("uui", string.Join(',', invite.UserToUser));
        if (invite.Diversions.Count > 0 && NameAddress.TryParse(Encoding.UTF8.GetBytes(invite.Diversions[0]), out var latest)) WriteDiversion(json, latest);
        stirShaken?.Write(json);
        if (identity is not null) json.WriteString("identity", identity);
        json.WriteString("sipCallId", sipCallId);
    }

    /// <summary>The latest Diversion (RFC 5806): one key a parameter, and the number it was diverted from.</summary>
    private static void WriteDiversion(Utf8JsonWriter json, in NameAddress address)
    {
        json.WriteStartObject("diversion");
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { OriginalTo };
        var parameters = new HeaderParameters(address.Parameters);
        while (parameters.MoveNext())
        {
            var name = Encoding.UTF8.GetString(parameters.Name);
            if (known.Add(name)) json.WriteString(name, Encoding.UTF8.GetString(Unquoted(parameters.Value)));
        }

        json.WriteString(OriginalTo, address.Uri.HasUser ? UserPart.Of(address.Uri) : Encoding.UTF8.GetString(address.Uri.Text));
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> value) => value is [(byte)'"', .., (byte)'"'] ? value[1..^1] : value;
}
