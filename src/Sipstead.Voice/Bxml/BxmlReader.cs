using System.Xml;

namespace Sipstead.Voice.Bxml;

/// <summary>
/// Reads and validates BXML documents whole: nothing of a document runs unless all of it is right. No DTD, no entity, no external resource; bounded in
/// size, depth and attributes. Never throws for what the octets hold.
/// </summary>
public static class BxmlReader
{
    /// <summary>64 KB, the API's limit for a document.</summary>
    public const int MaximumOctets = 64 * 1024;

    /// <summary>Elements inside one another, the root included: only SSML nests deeper than three.</summary>
    internal const int MaximumDepth = 32;

    /// <summary>Attributes of one element; the API's verbs have less than 20.</summary>
    internal const int MaximumAttributes = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaximumOctets,
        MaxCharactersFromEntities = 1,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Reads a document.</summary>
    /// <param name="octets">As they came; a byte order mark and an XML declaration may be there.</param>
    /// <param name="baseUrl">The URL that delivered them, for relative URLs; null when there is none.</param>
    /// <param name="context">Where the document is to run.</param>
    public static BxmlResult Read(ReadOnlyMemory<byte> octets, Uri? baseUrl, BxmlContext context)
    {
        var verbs = VerbTable.For(context);
        if (octets.IsEmpty) return Refused("The document is empty; give XML with the root element <Response>.");
        if (octets.Length > MaximumOctets) return Refused($"The document has {octets.Length} octets; at most {MaximumOctets} are allowed.");
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(octets.ToArray(), writable: false), Settings);
            return new DocumentReading(xml, baseUrl, verbs).Read();
        }
        catch (XmlException malformed)
        {
            return Refused(Describe(malformed, octets.Span), malformed.LineNumber, malformed.LinePosition);
        }
        catch (ArgumentException)
        {
            return Refused("The document is not text in its declared encoding; send UTF-8.");
        }
    }

    private static string Describe(XmlException malformed, ReadOnlySpan<byte> octets)
    {
        // The parser's own text on this names the settings that a programmer should change, and no place.
        if (malformed.LineNumber == 0 && octets.IndexOf("<!DOCTYPE"u8) >= 0) return "The document has a DTD (<!DOCTYPE ...>), which is not allowed.";
        var text = malformed.Message;
        var place = text.LastIndexOf(" Line ", StringComparison.Ordinal);
        return $"The document is not well-formed XML: {ErrorText.Cut(place < 0 ? text : text[..place], 200)}";
    }

    private static BxmlResult Refused(string message, int line = 0, int column = 0) =>
        new(null, new BxmlError(line, column, null, null, ErrorText.At(line, column, message)));
}
