using System.Globalization;

namespace Sipstead.Testing;

/// <summary>A SIP response as text.</summary>
public sealed class SipAnswer(string text)
{
    private readonly string[] _lines = text.Split("\r\n");

    public string Text => text;

    public int Status => int.Parse(_lines[0].Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Values of a header, in order.</summary>
    public IReadOnlyList<string> Headers(string name) =>
        [.. _lines.Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];

    /// <summary>The quoted parameter of a challenge.</summary>
    public string Challenged(string parameter)
    {
        var challenge = Headers("WWW-Authenticate")[0];
        var start = challenge.IndexOf(parameter + "=\"", StringComparison.Ordinal) + parameter.Length + 2;
        return challenge[start..challenge.IndexOf('"', start)];
    }

    public override string ToString() => text;
}
