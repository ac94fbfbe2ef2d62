using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using System.Xml.XPath;

namespace Sipstead.Server.Tests.Compatibility;

/// <summary>An answer, read as clients do: by header, by XPath, by property of JSON, by claim of a token.</summary>
internal sealed class ReadAnswer(HttpResponseMessage response, string body)
{
    private readonly Lazy<XDocument> _xml = new(() => XDocument.Parse(body));

    public string Body => body;

    /// <summary>
    /// What an expression names, null when it is missing: <c>body</c>, <c>header NAME</c>, <c>json a.0.b</c>, <c>claim a.0</c>, or XPath.
    /// </summary>
    public string? Read(string expression) => expression.Split(' ', 2) switch
    {
        ["body"] => body,
        ["header", var name] => Header(name),
        ["json", var path] => Property(body, path),
        ["claim", var path] => Property(Claims(Property(body, "access_token")!), path),
        _ => XPath(expression),
    };

    private string? Header(string name)
    {
        var found = response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values);
        return found ? string.Join(", ", values!) : null;
    }

    private string? XPath(string expression)
    {
        if (body.Length == 0) return null;
        return _xml.Value.XPathEvaluate(expression) switch
        {
            bool truth => truth ? "true" : "false",
            double number => number.ToString(CultureInfo.InvariantCulture),
            IEnumerable<object> nodes => nodes.FirstOrDefault() switch
            {
                XElement element => element.Value,
                XAttribute attribute => attribute.Value,
                _ => null,
            },
            var text => text as string,
        };
    }

    private static string? Property(string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        var found = document.RootElement;
        foreach (var part in path.Split('.'))
        {
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(part, CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength()) found = found[index];
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(part, out found)) return null;
        }

        return found.ValueKind == JsonValueKind.String ? found.GetString() : found.GetRawText();
    }

    /// <summary>The second part of a token, in base64 for URLs without padding.</summary>
    private static string Claims(string token)
    {
        var part = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        return Encoding.UTF8.GetString(Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, '=')));
    }
}
