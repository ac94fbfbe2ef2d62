using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Sipstead.Dashboard.Calls;

/// <summary>The body of a request or response as text to read: JSON and XML with one element a line, all else as it came.</summary>
internal static class BodyText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // Razor encodes it

    private static readonly XmlReaderSettings Plain = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Never throws, whatever the octets are. What was cut is no whole document, and stays as it is.</summary>
    public static string Of(ReadOnlyMemory<byte> octets, bool isCut)
    {
        var text = Encoding.UTF8.GetString(octets.Span);
        if (isCut) return text;
        return text.AsSpan().TrimStart() switch
        {
            ['{' or '[', ..] => Json(octets) ?? text,
            ['<', ..] => Xml(text) ?? text,
            _ => text,
        };
    }

    private static string? Json(ReadOnlyMemory<byte> octets)
    {
        try
        {
            using var document = JsonDocument.Parse(octets);
            using var output = new MemoryStream();
            using (var writer = new Utf8JsonWriter(output, Indented)) document.WriteTo(writer);
            return Encoding.UTF8.GetString(output.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Xml(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Plain);
            var document = XDocument.Load(reader);
            return document.Declaration is null ? document.ToString() : $"{document.Declaration}\n{document}";
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
