namespace Sipstead.Sip.Tests.Fuzzing;

/// <summary>The parts of a message by RFC 3261 25.1, read a second time and another way than the server does. Null is "refused".</summary>
internal static class PlainGrammar
{
    private const int MostParameters = 64;

    public sealed record Address(string Uri, string Tag);

    public sealed record Hop(string Host, string Branch);

    public sealed record Uri(bool IsSip, string Host, bool HasHeaders);

    /// <summary>A Via value.</summary>
    public static Hop? ReadVia(string value)
    {
        var text = new PlainText(value);
        if (!text.TakeAll(PlainText.Token).Equals("SIP", StringComparison.OrdinalIgnoreCase) || !TakeSlash(text)) return null;
        if (text.TakeAll(PlainText.Token).Length == 0 || !TakeSlash(text)) return null;
        if (text.TakeAll(PlainText.Token).Length == 0 || !text.SkipBlanks()) return null;
        var host = ReadHost(text);
        if (host is null) return null;
        text.SkipBlanks();
        if (text.Take(':'))
        {
            text.SkipBlanks();
            var port = text.TakeAll(PlainText.Digit);
            if (!PlainText.IsNumber(port, ushort.MaxValue) || port.All(c => c == '0')) return null;
            text.SkipBlanks();
        }

        return ReadParameters(text) is { } parameters ? new Hop(host, First(parameters, "branch")) : null;
    }

    /// <summary>A From, To or Contact value.</summary>
    public static Address? ReadAddress(string value)
    {
        var text = new PlainText(value);
        string uri;
        if (text.Next == '"')
        {
            if (text.TakeQuoted() is null) return null;
            text.SkipBlanks();
            if (text.Next != '<') return null;
        }

        var name = text.TakeBefore("<;");
        if (text.Take('<'))
        {
            if (name.Any(c => !PlainText.Token.Contains(c, StringComparison.Ordinal) && c is not (' ' or '\t'))) return null;
            uri = text.TakeBefore(">");
            if (!text.Take('>')) return null;
        }
        else
        {
            uri = name.Trim(' ', '\t');
            if (uri.Contains('?', StringComparison.Ordinal) || uri.Contains(',', StringComparison.Ordinal)) return null;
        }

        if (ReadUri(uri) is null) return null;
        return ReadParameters(text) is { } parameters ? new Address(uri, First(parameters, "tag")) : null;
    }

    /// <summary>A URI of any scheme.</summary>
    public static Uri? ReadUri(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1) return null;
        var (scheme, rest) = (value[..colon], value[(colon + 1)..]);
        if (scheme.Equals("sip", StringComparison.OrdinalIgnoreCase) || scheme.Equals("sips", StringComparison.OrdinalIgnoreCase)) return ReadSipUri(rest);
        var isUri = PlainText.Letter.Contains(scheme[0], StringComparison.Ordinal) && PlainText.IsAll(scheme, PlainText.Token)
            && PlainText.IsAll(rest, PlainText.Unreserved + ";/?:@&=+$,[]");
        return isUri ? new Uri(false, "", false) : null;
    }

    private static Uri? ReadSipUri(string value)
    {
        var at = value.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0 && !IsUserInfo(value[..at])) return null;
        var text = new PlainText(value[(at + 1)..]);
        if (ReadHost(text) is not { } host) return null;
        if (text.Take(':') && !PlainText.IsNumber(text.TakeAll(PlainText.Digit), ushort.MaxValue)) return null;
        for (var count = 0; text.Take(';');)
        {
            var parameter = text.TakeBefore(";?").Split('=', 2);
            if (++count > MostParameters || !parameter.All(part => PlainText.IsAll(part, PlainText.Unreserved + "[]/:&+$") && PlainText.HasEscapes(part))) return null;
        }

        var hasHeaders = text.Take('?');
        for (var count = 0; hasHeaders; )
        {
            var header = text.TakeBefore("&").Split('=', 2);
            const string allowed = PlainText.Unreserved + "[]/?:+$";
            if (++count > MostParameters || header.Length < 2 || !PlainText.IsAll(header[0], allowed) || !PlainText.HasEscapes(header[0])) return null;
            if (header[1].Length > 0 && !PlainText.IsAll(header[1], allowed)) return null;
            if (!PlainText.HasEscapes(header[1])) return null;
            if (!text.Take('&')) break;
        }

        return text.IsAtEnd ? new Uri(true, host, hasHeaders) : null;
    }

    private static bool IsUserInfo(string text)
    {
        var parts = text.Split(':', 2);
        if (!PlainText.IsAll(parts[0], PlainText.Unreserved + "&=+$,;?/") || !PlainText.HasEscapes(parts[0])) return false;
        return parts.Length == 1 || parts[1].Length == 0 || (PlainText.IsAll(parts[1], PlainText.Unreserved + "&=+$,") && PlainText.HasEscapes(parts[1]));
    }

    private static string? ReadHost(PlainText text)
    {
        if (text.Take('['))
        {
            var address = text.TakeAll(PlainText.Hexadecimal + ":.");
            return text.Take(']') && address.Length >= 2 && address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : null;
        }

        var host = text.TakeAll(PlainText.HostName);
        return host.Length is < 1 or > 255 || host[0] is '-' or '.' || host.Contains("..", StringComparison.Ordinal) ? null : host;
    }

    private static bool TakeSlash(PlainText text)
    {
        text.SkipBlanks();
        var isThere = text.Take('/');
        text.SkipBlanks();
        return isThere;
    }

    /// <summary>Header parameters up to the end.</summary>
    private static List<(string Name, string Value)>? ReadParameters(PlainText text)
    {
        var parameters = new List<(string, string)>();
        while (true)
        {
            text.SkipBlanks();
            if (text.IsAtEnd) return parameters.Count > MostParameters ? null : parameters;
            if (!text.Take(';')) return null;
            text.SkipBlanks();
            var name = text.TakeAll(PlainText.Token);
            if (name == "") return null;
            text.SkipBlanks();
            var value = "";
            if (text.Take('='))
            {
                text.SkipBlanks();
                value = text.Next == '"' ? text.TakeQuoted() : text.TakeAll(PlainText.Token + "[]:");
                if (string.IsNullOrEmpty(value)) return null;
            }

            parameters.Add((name, value));
        }
    }

    private static string First(List<(string Name, string Value)> parameters, string name) =>
        parameters.Find(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
}
