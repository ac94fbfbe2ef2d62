using System.Globalization;
using System.Text;

namespace Sipstead.MediaLoad;

/// <summary>A SIP message as text, as far as a phone under load has to know it. The server that it comes from writes headers in their long form.</summary>
internal sealed class SipText
{
    private readonly string[] _lines;

    public SipText(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        _lines = (end < 0 ? text : text[..end]).Split("\r\n");
        Body = end < 0 ? "" : text[(end + 4)..];
    }

    public string Body { get; }

    public string StartLine => _lines[0];

    /// <summary>0 for a request.</summary>
    public int Status => StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? int.Parse(StartLine.AsSpan(8, 3), CultureInfo.InvariantCulture) : 0;

    /// <summary>Empty for a response, and for what is no message.</summary>
    public string Method => Status > 0 || !StartLine.Contains(' ', StringComparison.Ordinal) ? "" : StartLine[..StartLine.IndexOf(' ', StringComparison.Ordinal)];

    /// <summary>Of the top Via.</summary>
    public string Branch
    {
        get
        {
            var via = Header("Via");
            var from = via.IndexOf(";branch=", StringComparison.Ordinal);
            return from < 0 ? "" : via[(from + 8)..].Split(';')[0];
        }
    }

    /// <summary>The first of a name; empty without one.</summary>
    public string Header(string name) => All(name).FirstOrDefault() is { } line ? line[(name.Length + 1)..].Trim() : "";

    public string Response(string status, string contact, string sdp)
    {
        var response = new StringBuilder($"SIP/2.0 {status}\r\n");
        foreach (var line in All("Via").Concat(All("Record-Route")).Concat(All("From")).Concat(All("Call-ID")).Concat(All("CSeq"))) response.Append(line).Append("\r\n");
        var to = All("To").First();
        response.Append(to).Append(to.Contains(";tag=", StringComparison.Ordinal) ? "\r\n" : ";tag=load\r\n").Append("Contact: ").Append(contact).Append("\r\n");
        if (sdp.Length > 0) response.Append("Content-Type: application/sdp\r\n");
        return response.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(sdp)}\r\n\r\n{sdp}").ToString();
    }

    private IEnumerable<string> All(string name) => _lines.Where(line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
