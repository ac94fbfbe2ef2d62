using System.Globalization;
using System.Text;
using System.Xml;

namespace Sipstead.Provisioning.Api;

/// <summary>Writes XML that every client reads: UTF-8 without BOM or namespace, well-formed whatever the text.</summary>
public static class XmlOutput
{
    private const char Replacement = '\uFFFD';

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>Writes an element with a text; nothing when the text is null. A character that XML cannot carry becomes U+FFFD.</summary>
    public static void WriteText(this XmlWriter writer, string element, string? text)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (text is not null) writer.WriteElementString(element, Clean(text));
    }

    /// <summary>Writes an element with a number; nothing when it is null.</summary>
    public static void WriteNumber(this XmlWriter writer, string element, long? number) =>
        writer.WriteText(element, number?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes an element with <c>true</c> or <c>false</c>.</summary>
    public static void WriteBoolean(this XmlWriter writer, string element, bool value) =>
        writer.WriteText(element, value ? "true" : "false");

    /// <summary>Writes an element with content.</summary>
    public static void WriteElement(this XmlWriter writer, string element, Action<XmlWriter> content)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(content);
        writer.WriteStartElement(element);
        content(writer);
        writer.WriteEndElement();
    }

    /// <summary>A whole document.</summary>
    internal static ReadOnlyMemory<byte> Document(string root, Action<XmlWriter> content)
    {
        var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, Settings))
        {
            writer.WriteStartDocument();
            writer.WriteElement(root, content);
            writer.WriteEndDocument();
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static string Clean(string text)
    {
        var at = IndexOfUnfit(text, 0);
        if (at < 0) return text;
        var clean = new StringBuilder(text);
        for (; at >= 0; at = IndexOfUnfit(text, at + 1)) clean[at] = Replacement;
        return clean.ToString();
    }

    private static int IndexOfUnfit(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return i;
            i++;
        }

        return -1;
    }
}
