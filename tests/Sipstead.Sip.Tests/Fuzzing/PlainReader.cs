using System.Text;

namespace Sipstead.Sip.Tests.Fuzzing;

/// <summary>
/// Decides a second time, with strings and copies, slowly, whether a datagram is a message, and what it says: the parser must agree, in what it takes and
/// in what it refuses.
/// </summary>
internal sealed class PlainReader
{
    private static readonly string[] Methods =
        ["REGISTER", "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "REFER", "PRACK", "NOTIFY", "UPDATE", "MESSAGE", "PUBLISH", "SUBSCRIBE"];

    /// <summary>Headers that a request has besides Via.</summary>
    private static readonly string[] Mandatory = ["From", "To", "Call-ID", "CSeq"];

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["b"] = "Referred-By", ["c"] = "Content-Type", ["e"] = "Content-Encoding", ["f"] = "From", ["i"] = "Call-ID", ["k"] = "Supported", ["l"] = "Content-Length",
        ["m"] = "Contact", ["o"] = "Event", ["r"] = "Refer-To", ["s"] = "Subject", ["t"] = "To", ["u"] = "Allow-Events", ["v"] = "Via", ["x"] = "Session-Expires",
    };

    /// <summary>Headers that may stand once.</summary>
    private static readonly HashSet<string> Singles = new(StringComparer.OrdinalIgnoreCase)
    {
        "To", "From", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type", "Content-Disposition", "Expires", "Event", "Min-Expires", "Date", "Subject",
        "User-Agent", "Server", "Timestamp", "RAck", "RSeq", "Refer-To", "Referred-By", "Replaces", "Retry-After", "Session-Expires",
    };

    public string StartLine { get; private set; } = "";

    public List<(string Name, string Value)> Headers { get; } = [];

    public string Body { get; private set; } = "";

    public bool IsRequest => !StartLine.StartsWith("SIP/", StringComparison.OrdinalIgnoreCase);

    public string Method => StartLine.Split(' ')[0];

    public string Uri => StartLine.Split(' ')[1];

    public string CSeq { get; private set; } = "";

    public string Branch { get; private set; } = "";

    public string FromTag { get; private set; } = "";

    public string ToTag { get; private set; } = "";

    /// <summary>Reads start line, header lines and body. Null when they are not as RFC 3261 7 says, or larger than may be.</summary>
    public static PlainReader? Read(byte[] octets)
    {
        var text = Encoding.Latin1.GetString(octets);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || end + 4 > 32 * 1024) return null;
        var reader = new PlainReader();
        return reader.ReadLines(text[..end].Split("\r\n")) && reader.ReadBody(text[(end + 4)..]) && reader.HasStartLine() ? reader : null;
    }

    /// <summary>True for a request with all that RFC 3261 8.1.1 wants of it.</summary>
    public bool IsProperRequest()
    {
        if (!IsRequest || All("Via").Count == 0 || Mandatory.Any(name => All(name).Count != 1)) return false;
        if (!StartLine.Split(' ')[2].Equals("SIP/2.0", StringComparison.OrdinalIgnoreCase)) return false;
        var vias = All("Via").SelectMany(Split).ToList();
        if (vias.Count > 70 || PlainGrammar.ReadVia(vias[0]) is not { } via || via.Branch.Equals("z9hG4bK", StringComparison.OrdinalIgnoreCase)) return false;
        if (PlainGrammar.ReadUri(Uri) is not { } uri || (uri.IsSip && uri.HasHeaders)) return false;
        if (PlainGrammar.ReadAddress(All("From")[0]) is not { } from || PlainGrammar.ReadAddress(All("To")[0]) is not { } to) return false;
        if (!All("Call-ID")[0].Split('@', 2).All(part => PlainText.IsAll(part, PlainText.Word))) return false;
        if (All("Max-Forwards").Any(value => !PlainText.IsNumber(value, 255))) return false;
        (Branch, FromTag, ToTag) = (via.Branch, from.Tag, to.Tag);
        return HasProperCSeq(All("CSeq")[0]);
    }

    private bool HasProperCSeq(string value)
    {
        var text = new PlainText(value);
        CSeq = text.TakeAll(PlainText.Digit);
        if (!PlainText.IsNumber(CSeq, uint.MaxValue) || !text.SkipBlanks()) return false;
        var method = text.TakeAll(PlainText.Token);
        return method != "" && text.IsAtEnd && (method == Method || !Methods.Contains(Method));
    }

    private bool ReadLines(string[] lines)
    {
        if (lines.Any(line => line.Contains('\r', StringComparison.Ordinal) || line.Contains('\n', StringComparison.Ordinal))) return false;
        StartLine = lines[0];
        var written = 0; // octets of the header with its continuation lines
        foreach (var line in lines.Skip(1))
        {
            if (line[0] is ' ' or '\t')
            {
                if (Headers.Count == 0) return false;
                written += 2 + line.Length;
                var (name, value) = Headers[^1];
                Headers[^1] = (name, $"{value} {line.Trim(' ', '\t')}".Trim(' ', '\t'));
            }
            else
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0 || !PlainText.IsAll(line[..colon].TrimEnd(' ', '\t'), PlainText.Token)) return false;
                Headers.Add((line[..colon].TrimEnd(' ', '\t'), line[(colon + 1)..].Trim(' ', '\t')));
                written = line.Length;
            }

            if (written > 8 * 1024) return false;
        }

        return Headers.Count <= 256 && Headers.GroupBy(h => LongName(h.Name), StringComparer.OrdinalIgnoreCase).All(g => g.Count() == 1 || !Singles.Contains(g.Key));
    }

    private bool ReadBody(string rest)
    {
        Body = rest;
        if (All("Content-Length") is not [var length]) return true;
        if (!PlainText.IsNumber(length, int.MaxValue)) return false;
        var octets = int.Parse(length, System.Globalization.CultureInfo.InvariantCulture);
        if (octets > rest.Length) return false;
        Body = rest[..octets];
        return true;
    }

    private bool HasStartLine()
    {
        if (StartLine.Length > 8 * 1024) return false;
        if (!IsRequest)
        {
            return StartLine.StartsWith("SIP/2.0 ", StringComparison.OrdinalIgnoreCase) && StartLine.Length >= 11 && StartLine[8] is >= '1' and <= '6'
                && PlainText.IsAll(StartLine[8..11], PlainText.Digit) && (StartLine.Length == 11 || StartLine[11] == ' ');
        }

        if (StartLine.Split(' ') is not [var method, var uri, var version] || uri.Length > 2048 || !PlainText.IsAll(method, PlainText.Token)) return false;
        return version.StartsWith("SIP/", StringComparison.OrdinalIgnoreCase) && version[4..].Split('.') is [var major, var minor]
            && PlainText.IsAll(major, PlainText.Digit) && PlainText.IsAll(minor, PlainText.Digit);
    }

    /// <summary>The values of a comma-separated list; commas inside quotes and brackets are not of the list.</summary>
    private static IEnumerable<string> Split(string line)
    {
        var start = 0;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == ',')
            {
                yield return line[start..at].Trim(' ', '\t');
                start = at + 1;
            }
            else if (line[at] is '"' or '<')
            {
                at = line[at] == '"' ? EndOfQuoted(line, at) : line.IndexOf('>', at);
                if (at < 0) break;
            }
        }

        yield return line[start..].Trim(' ', '\t');
    }

    private static int EndOfQuoted(string line, int start)
    {
        for (var at = start + 1; at < line.Length; at++)
        {
            if (line[at] == '"') return at;
            if (line[at] == '\\') at++;
        }

        return -1;
    }

    private List<string> All(string name) => [.. Headers.Where(h => LongName(h.Name).Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    private static string LongName(string name) => LongNames.GetValueOrDefault(name, name);
}
