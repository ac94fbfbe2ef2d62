using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>View of <c>name-addr</c> or <c>addr-spec</c> with header parameters: the value of From, To, Contact, Route and their kin (RFC 3261 20, 25.1).</summary>
public readonly ref struct NameAddress
{
    private NameAddress(ReadOnlySpan<byte> displayName, SipUri uri, ReadOnlySpan<byte> parameters)
    {
        DisplayName = displayName;
        Uri = uri;
        Parameters = parameters;
    }

    /// <summary>Display name as sent, with its quotes; empty when there is none.</summary>
    public ReadOnlySpan<byte> DisplayName { get; }

    /// <summary>The URI.</summary>
    public SipUri Uri { get; }

    /// <summary>Header parameters with the leading ';', or empty. Checked to be well-formed.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>Value of the tag parameter, empty when absent.</summary>
    public ReadOnlySpan<byte> Tag => HeaderParameters.TryFind(Parameters, "tag"u8, out var tag) ? tag : default;

    /// <summary>Reads one whole value. False when it is malformed: unbalanced quotes or brackets, a bad URI, '?' without brackets (MSG-11).</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out NameAddress address)
    {
        ReadOnlySpan<byte> displayName = default;
        var rest = text;
        if (!rest.IsEmpty && rest[0] == '<') return TryParseBracketed(rest, 0, displayName, out address);
        address = default;
        if (!rest.IsEmpty && rest[0] == '"')
        {
            var length = SipChars.QuotedStringLength(rest);
            if (length < 0) return false;
            displayName = rest[..length];
            rest = SipChars.Trim(rest[length..]);
            if (rest.IsEmpty || rest[0] != '<') return false;
        }

        // Behind a ';' of the form without brackets, a '<' belongs to a quoted parameter, as in +sip.instance.
        var open = rest.IndexOfAny((byte)'<', (byte)';');
        return open >= 0 && rest[open] == '<' ? TryParseBracketed(rest, open, displayName, out address) : TryParseBare(rest, out address);
    }

    private static bool TryParseBracketed(ReadOnlySpan<byte> rest, int open, ReadOnlySpan<byte> displayName, out NameAddress address)
    {
        address = default;
        if (open > 0)
        {
            displayName = SipChars.Trim(rest[..open]);
            if (!AreTokens(displayName)) return false;
        }

        var close = rest.IndexOf((byte)'>');
        if (close < open || !SipUri.TryParse(rest[(open + 1)..close], out var uri)) return false;
        var parameters = SipChars.Trim(rest[(close + 1)..]);
        if (!HeaderParameters.AreValid(parameters)) return false;
        address = new NameAddress(displayName, uri, parameters);
        return true;
    }

    private static bool TryParseBare(ReadOnlySpan<byte> rest, out NameAddress address)
    {
        address = default;
        var semicolon = rest.IndexOf((byte)';');
        var spec = SipChars.Trim(semicolon < 0 ? rest : rest[..semicolon]);
        var parameters = semicolon < 0 ? default : rest[semicolon..];
        if (spec.IndexOfAny((byte)'?', (byte)',') >= 0) return false;
        if (!SipUri.TryParse(spec, out var uri) || !HeaderParameters.AreValid(parameters)) return false;
        address = new NameAddress(default, uri, parameters);
        return true;
    }

    private static bool AreTokens(ReadOnlySpan<byte> text)
    {
        foreach (var octet in text)
        {
            if (!SipChars.IsWhiteSpace(octet) && !SipChars.Token.Contains(octet)) return false;
        }

        return true;
    }
}
