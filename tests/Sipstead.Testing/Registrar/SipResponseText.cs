using System.Globalization;
using System.Text;

namespace Sipstead.Testing.Registrar;

/// <summary>A response as text, read by means other than the server's own parser.</summary>
public sealed class SipResponseText
{
    private readonly List<(string Name, string Value)> _headers = [];

    public SipResponseText(ReadOnlySpan<byte> octets)
    {
        Text = Encoding.Latin1.GetString(octets);
        var head = Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        var lines = head.Split("\r\n");
        StatusLine = lines[0];
        Status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            _headers.Add((line[..colon].Trim(), line[(colon + 1)..].Trim()));
        }
    }

    public string Text { get; }

    public string StatusLine { get; }

    public int Status { get; }

    /// <summary>Values of all header lines of a name.</summary>
    public IReadOnlyList<string> All(string name) =>
        _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();

    /// <summary>The value of a header that stands once; null when absent.</summary>
    public string? One(string name) => All(name) is [var value] ? value : All(name) is [] ? null : throw new InvalidOperationException($"{name} stands twice");

    /// <summary>Contact values.</summary>
    public IReadOnlyList<string> Contacts => All("Contact");

    /// <summary>The challenges, in their order.</summary>
    public IReadOnlyList<string> Challenges => [.. All("WWW-Authenticate"), .. All("Proxy-Authenticate")];

    /// <summary>A parameter of the first challenge, without quotes; null when absent. A qop list is cut at its comma.</summary>
    public string? Challenge(string parameter)
    {
        var challenge = Challenges.Count > 0 ? Challenges[0] : "";
        foreach (var part in challenge[(challenge.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split(','))
        {
            var pair = part.Trim().Split('=', 2);
            if (pair.Length == 2 && pair[0] == parameter) return pair[1].Trim('"');
        }

        return null;
    }

    public override string ToString() => Text;
}
