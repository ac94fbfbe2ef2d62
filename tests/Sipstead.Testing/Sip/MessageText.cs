using System.Globalization;

namespace Sipstead.Testing.Sip;

/// <summary>A request or response as text, read by means other than the server's own parser.</summary>
public sealed class MessageText
{
    private readonly List<(string Name, string Value)> _headers = [];

    public MessageText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Body = text[(end + 4)..];
        var lines = text[..end].Split("\r\n");
        StartLine = lines[0];
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            _headers.Add((line[..colon].Trim(), line[(colon + 1)..].Trim()));
        }
    }

    public string Text { get; }

    public string StartLine { get; }

    public string Body { get; }

    /// <summary>The method of a request; "SIP/2.0" for a response.</summary>
    public string Method => StartLine.Split(' ')[0];

    /// <summary>The Request-URI.</summary>
    public string Uri => StartLine.Split(' ')[1];

    /// <summary>The status of a response, 0 for a request.</summary>
    public int Status => Method == "SIP/2.0" ? int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>The branch of the top Via.</summary>
    public string Branch => Parameter(All("Via")[0], "branch");

    public string FromTag => Parameter(One("From"), "tag");

    /// <summary>The To tag, empty when there is none.</summary>
    public string ToTag => Parameter(One("To"), "tag");

    /// <summary>What it is in short: the method, or the status and the method that it answers.</summary>
    public string Kind => Status == 0 ? Method : $"{Status} {One("CSeq").Split(' ')[1]}";

    public IReadOnlyList<string> All(string name) =>
        [.. _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    /// <summary>The value of a header that stands once; throws when it stands more often or not at all.</summary>
    public string One(string name) => All(name).Single();

    public bool Has(string name) => All(name).Count > 0;

    /// <summary>A response to this request, as a peer makes it.</summary>
    public string Answer(int status, string toTag = "", string headers = "", string body = "") =>
        $"SIP/2.0 {status} Reason {status}\r\n"
        + string.Concat(All("Via").Select(via => $"Via: {via}\r\n"))
        + $"From: {One("From")}\r\nTo: {One("To")}{(toTag == "" ? "" : $";tag={toTag}")}\r\nCall-ID: {One("Call-ID")}\r\nCSeq: {One("CSeq")}\r\n"
        + $"{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    public override string ToString() => Text;

    private static string Parameter(string value, string name)
    {
        var start = value.IndexOf($";{name}=", StringComparison.Ordinal);
        if (start < 0) return "";
        var rest = value[(start + name.Length + 2)..];
        var end = rest.IndexOf(';', StringComparison.Ordinal);
        return end < 0 ? rest : rest[..end];
    }
}
