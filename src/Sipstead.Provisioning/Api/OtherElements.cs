using System.Text;
using System.Xml;

namespace Sipstead.Provisioning.Api;

/// <summary>Elements that mean nothing to us, kept as they were submitted so that answers show them again (contract 8).</summary>
internal static class OtherElements
{
    /// <summary>What makes clients take an answer for an error is never kept.</summary>
    private static readonly string[] Errors = ["ResponseStatus", "Errors", "ErrorCode"];

    private static readonly XmlWriterSettings WriterSettings = new() { ConformanceLevel = ConformanceLevel.Fragment, OmitXmlDeclaration = true };

    private static readonly XmlReaderSettings ReaderSettings = new()
    {
        ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null,
    };

    /// <summary>The children of a request but the known ones, as XML; null when there are none.</summary>
    public static string? Read(RequestElement body, params ReadOnlySpan<string> known)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, WriterSettings))
        {
            foreach (var child in body.Children)
            {
                if (!known.Contains(child.Name)) Write(writer, child);
            }
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <summary>Writes what <see cref="Read"/> has kept.</summary>
    public static void WriteOther(this XmlWriter writer, string? elements)
    {
        if (elements is null) return;
        using var reader = XmlReader.Create(new StringReader(elements), ReaderSettings);
        reader.Read();
        while (!reader.EOF) writer.WriteNode(reader, defattr: false);
    }

    private static void Write(XmlWriter writer, RequestElement element)
    {
        if (Errors.Contains(element.Name)) return;
        writer.WriteStartElement(element.Name);
        if (element.Children.Count == 0) writer.WriteString(element.Text);
        foreach (var child in element.Children) Write(writer, child);
        writer.WriteEndElement();
    }
}
