using System.Collections.Frozen;
using System.Text;
using System.Xml;

namespace Sipstead.Voice.Bxml;

/// <summary>One pass over a document: the structure is checked here, attributes and text by each verb's own reading. Ends at the first error.</summary>
internal sealed class DocumentReading(XmlReader xml, Uri? baseUrl, FrozenDictionary<string, VerbEntry> verbs)
{
    private BxmlError? _error;

    public BxmlResult Read()
    {
        xml.MoveToContent();
        var root = xml.Name;
        if (root is not ("Response" or "Bxml")) Fail(null, $"The root element is <{ErrorText.Cut(root)}>; give <Response>.");
        var list = LimitsHold() ? ReadVerbs(root, isInVerb: false) : [];
        // What stands behind the root must be well-formed as well.
        while (_error is null && xml.Read());
        return _error is null ? new BxmlResult(new BxmlDocument(list, baseUrl), null) : new BxmlResult(null, _error);
    }

    /// <summary>Reads the verbs inside the element that the reader stands on, up to its end.</summary>
    private List<Verb> ReadVerbs(string parent, bool isInVerb)
    {
        List<Verb> list = [];
        if (xml.IsEmptyElement) return list;
        while (_error is null && xml.Read() && xml.NodeType != XmlNodeType.EndElement)
        {
            if (IsText) Fail(isInVerb ? parent : null, $"There is text inside <{parent}>; give verbs only.");
            else if (xml.NodeType == XmlNodeType.Element && ReadVerb(isInVerb ? parent : null) is { } verb) list.Add(verb);
        }

        return list;
    }

    private Verb? ReadVerb(string? parent)
    {
        if (!LimitsHold() || FindEntry(xml.Name) is not { } entry) return null;
        if (parent is not null && !entry.IsPrompt)
            return Fail(entry.Name, $"<{entry.Name}> cannot stand inside <{parent}>; give SpeakSentence and PlayAudio only.");
        var element = new VerbElement(entry.Name, xml, baseUrl);
        ReadContent(entry, element);
        if (_error is not null) return null;
        var verb = entry.Read(element);
        verb.Place = element.Place;
        _error = element.Error;
        return _error is null ? verb : null;
    }

    private void ReadContent(VerbEntry entry, VerbElement element)
    {
        switch (entry.Content)
        {
            case VerbContent.Prompts:
                element.Children = ReadVerbs(entry.Name, isInVerb: true);
                break;
            case VerbContent.Speech:
                element.Text = ReadSpeech();
                break;
            case VerbContent.Parts:
                element.Parts = ReadParts(entry);
                break;
            default:
                element.Text = ReadText(entry.Name, entry.Content == VerbContent.Text);
                break;
        }
    }

    /// <summary>Reads the elements inside a verb that are no verbs, up to its end.</summary>
    private List<VerbElement> ReadParts(VerbEntry entry)
    {
        List<VerbElement> parts = [];
        if (xml.IsEmptyElement) return parts;
        while (_error is null && xml.Read() && xml.NodeType != XmlNodeType.EndElement)
        {
            if (IsText) Fail(entry.Name, $"There is text inside <{entry.Name}>; give {string.Join(" and ", entry.Parts)} only.");
            else if (xml.NodeType == XmlNodeType.Element && ReadPart(entry) is { } part) parts.Add(part);
        }

        return parts;
    }

    private VerbElement? ReadPart(VerbEntry entry)
    {
        if (!LimitsHold()) return null;
        if (!entry.Parts.Contains(xml.Name))
        {
            Fail(entry.Name, $"<{ErrorText.Cut(xml.Name)}> cannot stand inside <{entry.Name}>; give {string.Join(" and ", entry.Parts)} only.");
            return null;
        }

        var part = new VerbElement(xml.Name, xml, baseUrl);
        part.Text = ReadText(part.Name, allowsText: true);
        return part;
    }

    private string ReadText(string name, bool allowsText)
    {
        if (xml.IsEmptyElement) return "";
        var text = new StringBuilder();
        while (_error is null && xml.Read() && xml.NodeType != XmlNodeType.EndElement)
        {
            if (xml.NodeType == XmlNodeType.Element)
                Fail(name, $"<{ErrorText.Cut(xml.Name)}> cannot stand inside <{name}>.");
            else if (IsText && !allowsText)
                Fail(name, $"There is text inside <{name}>; give attributes only.");
            else
                text.Append(xml.Value);
        }

        return text.ToString().Trim();
    }

    private string ReadSpeech()
    {
        var speech = new SpeechMarkup();
        if (!xml.IsEmptyElement)
        {
            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType == XmlNodeType.Element && !LimitsHold()) return "";
                speech.Add(xml);
            }
        }

        return speech.IsBlank ? "" : speech.ToString();
    }

    private VerbEntry? FindEntry(string name)
    {
        if (verbs.TryGetValue(name, out var entry)) return entry;
        var shown = ErrorText.Cut(name);
        if (VerbTable.IsUnsupported(name))
        {
            Fail(shown, $"<{shown}> is not supported by this version of Sipstead.");
            return null;
        }

        if (VerbTable.Has(name))
        {
            Fail(shown, $"<{shown}> cannot be used here; give {string.Join(", ", verbs.Keys.Order(StringComparer.Ordinal))}.");
            return null;
        }

        var near = verbs.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        Fail(shown, near is null ? $"<{shown}> is not a verb of BXML." : $"<{shown}> is not a verb of BXML; case matters, give <{near}>.");
        return null;
    }

    private bool LimitsHold()
    {
        if (xml.Depth >= BxmlReader.MaximumDepth)
            Fail(null, $"<{ErrorText.Cut(xml.Name)}> stands too deep; at most {BxmlReader.MaximumDepth} elements may nest.");
        else if (xml.AttributeCount > BxmlReader.MaximumAttributes)
            Fail(null, $"<{ErrorText.Cut(xml.Name)}> has {xml.AttributeCount} attributes; at most {BxmlReader.MaximumAttributes} are allowed.");
        return _error is null;
    }

    private bool IsText => xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && !string.IsNullOrWhiteSpace(xml.Value);

    private Verb? Fail(string? verb, string message)
    {
        var place = (IXmlLineInfo)xml;
        _error ??= new BxmlError(place.LineNumber, place.LinePosition, verb, null, ErrorText.At(place.LineNumber, place.LinePosition, message));
        return null;
    }
}
