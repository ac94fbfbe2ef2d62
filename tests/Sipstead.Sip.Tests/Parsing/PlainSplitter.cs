using System.Text;

namespace Sipstead.Sip.Tests.Parsing;

/// <summary>Reads a message the plain way, with strings and copies: what the index must agree with wherever the parser accepts.</summary>
internal sealed class PlainSplitter
{
    public PlainSplitter(byte[] octets)
    {
        var text = Encoding.Latin1.GetString(octets);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");
        StartLine = lines[0];
        foreach (var line in lines.Skip(1))
        {
            var isContinuation = line.Length > 0 && line[0] is ' ' or '\t';
            if (!isContinuation) Headers.Add(Split(line));
            else if (line.Trim(' ', '\t').Length > 0) Headers[^1] = (Headers[^1].Name, $"{Headers[^1].Value} {line.Trim(' ', '\t')}".Trim(' ', '\t'));
        }

        var body = text[(end + 4)..];
        var length = Headers.Where(h => h.Name.Equals("content-length", StringComparison.OrdinalIgnoreCase) || h.Name is "l" or "L").Select(h => h.Value).SingleOrDefault();
        Body = length is null ? body : body[..int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)];
    }

    public string StartLine { get; }

    public List<(string Name, string Value)> Headers { get; } = [];

    public string Body { get; }

    private static (string Name, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return (line[..colon].TrimEnd(' ', '\t'), line[(colon + 1)..].Trim(' ', '\t'));
    }
}
