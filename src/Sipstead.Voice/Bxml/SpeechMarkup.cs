using System.Text;
using System.Xml;

namespace Sipstead.Voice.Bxml;

/// <summary>
/// The content of a SpeakSentence written out again, so that it is well-formed by itself: no prefix or namespace of the document around it is left,
/// references and CDATA have become escaped text.
/// </summary>
internal sealed class SpeechMarkup
{
    private readonly StringBuilder _text = new();

    /// <summary>Whether there is neither a word nor an element.</summary>
    public bool IsBlank { get; private set; } = true;

    /// <summary>Adds the node that the reader stands on.</summary>
    public void Add(XmlReader xml)
    {
        switch (xml.NodeType)
        {
            case XmlNodeType.Element:
                AddStart(xml);
                break;
            case XmlNodeType.EndElement:
                _text.Append("</").Append(xml.LocalName).Append('>');
                break;
            default:
                Escape(xml.Value);
                IsBlank &= string.IsNullOrWhiteSpace(xml.Value);
                break;
        }
    }

    public override string ToString() => _text.ToString();

    private void AddStart(XmlReader xml)
    {
        IsBlank = false;
        _text.Append('<').Append(xml.LocalName);
        while (xml.MoveToNextAttribute())
        {
            if (xml.Prefix is not ("" or "xml") || xml.Name == "xmlns") continue;
            _text.Append(' ').Append(xml.Name).Append("=\"");
            Escape(xml.Value);
            _text.Append('"');
        }

        xml.MoveToElement();
        _text.Append(xml.IsEmptyElement ? "/>" : ">");
    }

    private void Escape(string value)
    {
        foreach (var character in value)
        {
            _ = character switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                _ => _text.Append(character),
            };
        }
    }
}
