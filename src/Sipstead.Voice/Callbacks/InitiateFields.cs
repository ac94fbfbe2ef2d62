using System.Text;
using System.Text.Json;
using Sipstead.Sip.Messages;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Callbacks;

/// <summary>What <c>initiate</c> tells of the INVITE beyond the common properties (webhooks.md 3).</summary>
internal static class InitiateFields
{
    private const string OriginalTo = "origTo";

    public static void Write(Utf8JsonWriter json, SipMessage invite, string sipCallId)
    {
        WriteUserToUser(json, invite);
        WriteDiversion(json, invite);
        json.WriteString("sipCallId", sipCallId);
    }

    private static void WriteUserToUser(Utf8JsonWriter json, SipMessage invite)
    {
        var values = new List<string>();
        foreach (ref readonly var header in invite.Headers)
        {
            if (Ascii.EqualsIgnoreCase(invite.NameOf(header), "User-To-User"u8)) values.Add(Encoding.UTF8.GetString(invite.ValueOf(header)));
        }

        if (values.Count > 0) json.WriteString("uui", string.Join(',', values));
    }

    /// <summary>The latest Diversion (RFC 5806), which stands first: one key a parameter, and the number it was diverted from.</summary>
    private static void WriteDiversion(Utf8JsonWriter json, SipMessage invite)
    {
        foreach (ref readonly var header in invite.Headers)
        {
            if (!Ascii.EqualsIgnoreCase(invite.NameOf(header), "Diversion"u8)) continue;
            if (NameAddress.TryParse(FirstOf(invite.ValueOf(header)), out var address)) WriteDiversion(json, address);
            return;
        }
    }

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

    /// <summary>Up to the first comma that is neither quoted nor in brackets.</summary>
    private static ReadOnlySpan<byte> FirstOf(ReadOnlySpan<byte> values)
    {
        bool isQuoted = false, isBracketed = false;
        for (var i = 0; i < values.Length; i++)
        {
            switch (values[i])
            {
                case (byte)'\\' when isQuoted:
                    i++;
                    break;
                case (byte)'"' when !isBracketed:
                    isQuoted = !isQuoted;
                    break;
                case (byte)'<' or (byte)'>' when !isQuoted:
                    isBracketed = values[i] == '<';
                    break;
                case (byte)',' when !isQuoted && !isBracketed:
                    return values[..i].TrimEnd(" \t"u8);
            }
        }

        return values;
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> value) => value is [(byte)'"', .., (byte)'"'] ? value[1..^1] : value;
}
