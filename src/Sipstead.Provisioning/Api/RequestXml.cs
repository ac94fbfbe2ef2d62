using System.Text;
using System.Xml;

namespace Sipstead.Provisioning.Api;

/// <summary>Reads the body of a request: no DTD, no entity, no external resource, bounded in size, depth and number of elements.</summary>
internal static class RequestXml
{
    /// <summary>1 MiB (contract 10).</summary>
    public const int MaximumBytes = 1 << 20;

    private const int MaximumDepth = 16;
    private const int MaximumAttributes = 64;
    private const int MaximumElements = 50_000;

    /// <summary>The shortest run of hexadecimal digits that is taken for a hash.</summary>
    private const int HashDigits = 32;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaximumBytes,
        MaxCharactersFromEntities = 1,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Reads a document with the root element <paramref name="root"/>.</summary>
    public static ProvisioningResult<RequestElement> Read(ReadOnlyMemory<byte> body, string root)
    {
        if (body.IsEmpty) return Bad($"The request has no body; expected an XML document with the root element {root}.");
        using var stream = new MemoryStream(body.ToArray(), writable: false);
        try
        {
            using var reader = XmlReader.Create(stream, Settings);
            return Read(reader, root);
        }
        catch (XmlException malformed)
        {
            // The parser's own text on this names the settings that a programmer should change.
            if (body.Span.IndexOf("<!DOCTYPE"u8) >= 0) return Bad("The request body has a DTD (<!DOCTYPE ...>); that is not allowed.");
            return Bad($"The request body is not well-formed XML: {malformed.Message}");
        }
        catch (ArgumentException)
        {
            return Bad("The request body is not text in its declared encoding.");
        }
    }

    private static ProvisioningResult<RequestElement> Read(XmlReader reader, string root)
    {
        var open = new Stack<RequestElement>();
        RequestElement? document = null;
        var documentNamespace = "";
        var elements = 0;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (CheckLimits(reader, ++elements) is { } overLimit) return overLimit;
                    if (document is null)
                    {
                        if (reader.Name != root) return Bad($"The root element is '{reader.Name}'; expected '{root}'. {Where(reader)}");
                        documentNamespace = reader.NamespaceURI;
                        document = Create(reader);
                        if (!reader.IsEmptyElement) open.Push(document);
                    }
                    else if (reader.Prefix.Length > 0 || reader.NamespaceURI != documentNamespace)
                    {
                        if (SkipForeign(reader, ref elements) is { } foreignOverLimit) return foreignOverLimit;
                    }
                    else
                    {
                        var element = Create(reader);
                        open.Peek().Add(element);
                        if (!reader.IsEmptyElement) open.Push(element);
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    if (open.TryPeek(out var current)) current.Add(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop().End();
                    break;
            }
        }

        return document!;
    }

    private static ProvisioningError? SkipForeign(XmlReader reader, ref int elements)
    {
        if (reader.IsEmptyElement) return null;
        for (var depth = reader.Depth; reader.Read() && reader.Depth > depth;)
        {
            if (reader.NodeType == XmlNodeType.Element && CheckLimits(reader, ++elements) is { } overLimit) return overLimit;
        }

        return null;
    }

    private static ProvisioningError? CheckLimits(XmlReader reader, int elements)
    {
        if (reader.Depth >= MaximumDepth) return Bad($"The request body nests more than {MaximumDepth} elements. {Where(reader)}");
        if (reader.AttributeCount > MaximumAttributes)
            return Bad($"The element '{reader.Name}' has more than {MaximumAttributes} attributes. {Where(reader)}");
        return elements > MaximumElements ? Bad($"The request body has more than {MaximumElements} elements. {Where(reader)}") : null;
    }

    private static RequestElement Create(XmlReader reader)
    {
        var place = (IXmlLineInfo)reader;
        return new RequestElement(reader.Name, place.LineNumber, place.LinePosition);
    }

    private static string Where(XmlReader reader)
    {
        var place = (IXmlLineInfo)reader;
        return $"Line {place.LineNumber}, position {place.LinePosition}.";
    }

    private static ProvisioningError Bad(string description) =>
        ProvisioningError.Invalid(ErrorCodes.BadRequest, WithoutHashes(description));

    /// <summary>A parser quotes what it stumbles over, which may be a hash: a password equivalent.</summary>
    private static string WithoutHashes(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && char.IsAsciiHexDigit(text[end])) end++;
            if (end == i) result.Append(text[i++]);
            else if (end - i >= HashDigits) result.Append("...");
            else result.Append(text, i, end - i);
            i = Math.Max(i, end);
        }

        return result.ToString();
    }
}
