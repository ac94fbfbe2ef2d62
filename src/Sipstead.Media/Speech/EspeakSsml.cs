using System.Globalization;
using System.Text;
using System.Xml;

namespace Sipstead.Media.Speech;

/// <summary>
/// Writes an application's SSML anew for espeak-ng, as far as the API knows it. Nothing else gets through: no element that would make espeak-ng open a
/// file, no attribute value outside its vocabulary, none of espeak-ng's own codes in text. The text of unknown elements is read.
/// </summary>
internal sealed class EspeakSsml
{
    /// <summary>Elements in one another that are written; espeak-ng keeps its states in small tables. The text of deeper ones is read.</summary>
    private const int MaximumDepth = 12;

    private const int MaximumToken = 24;
    private const int MaximumPhonemes = 100;

    /// <summary>The longest break (API, SpeakSentence).</summary>
    private const double MaximumBreak = 10_000;

    private readonly XmlReader _reader;
    private readonly StringBuilder _written = new();

    /// <summary>The written end tags of the elements that are open, empty for one that was left out, each with the voice that speaks behind it.</summary>
    private readonly Stack<(string End, SpeechVoice Voice)> _ends = new();

    private SpeechVoice _voice;
    private int _depth;

    private EspeakSsml(XmlReader reader, SpeechVoice voice)
    {
        _reader = reader;
        _voice = voice;
    }

    /// <summary>Writes a document. Content that is no XML is read as it stands.</summary>
    public static string Write(string content, SpeechVoice voice)
    {
        try
        {
            using var reader = CreateReader(content);
            var ssml = new EspeakSsml(reader, voice);
            ssml.Copy();
            return $"<speak>{ssml._written}</speak>";
        }
        catch (XmlException)
        {
            var plain = new StringBuilder();
            WriteText(plain, content);
            return $"<speak>{plain}</speak>";
        }
    }

    /// <summary>Prefixes are not resolved: those of vendors come undeclared.</summary>
    private static XmlTextReader CreateReader(string content) =>
        new(content, XmlNodeType.Element, null) { Namespaces = false, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    private void Copy()
    {
        while (_reader.Read())
        {
            switch (_reader.NodeType)
            {
                case XmlNodeType.Element:
                    Open();
                    break;
                case XmlNodeType.EndElement:
                    Close();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    WriteText(_written, _reader.Value);
                    break;
                default:
                    break;
            }
        }
    }

    private void Open()
    {
        if (IsLeftOut(_reader.Name))
        {
            SkipContent();
            return;
        }

        var end = "";
        if (_reader.Name == "sub" && _reader.GetAttribute("alias") is { } alias)
        {
            WriteText(_written, alias);
            SkipContent();
            return;
        }

        var voice = _voice;
        if (_reader.Name == "say-as" && _reader.GetAttribute("interpret-as") is "date" or "ordinal")
        {
            SayInWords(_reader.GetAttribute("interpret-as"), _reader.GetAttribute("format"));
            return;
        }

        if (_depth < MaximumDepth && StartTag() is { } start)
        {
            _written.Append('<').Append(start).Append('>');
            end = $"</{NameOf(start)}>";
        }

        _ends.Push((end, voice));
        if (end.Length > 0) _depth++;
        if (_reader.IsEmptyElement) Close();
    }

    private void Close()
    {
        (var end, _voice) = _ends.Pop();
        if (end.Length == 0) return;
        _written.Append(end);
        _depth--;
    }

    /// <summary>Writes the element's text as words, or as it stands.</summary>
    private void SayInWords(string? kind, string? format)
    {
        var text = SkipContent();
        WriteText(_written, SayAs.Expand(kind, format, text, _voice.Locale) ?? text);
    }

    /// <summary>Reads up to the end of the element, and writes nothing of it. Returns its text.</summary>
    private string SkipContent()
    {
        if (_reader.IsEmptyElement) return "";
        var depth = _reader.Depth;
        var text = new StringBuilder();
        while (_reader.Read() && (_reader.NodeType != XmlNodeType.EndElement || _reader.Depth > depth))
        {
            if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace) text.Append(_reader.Value);
        }

        return text.ToString();
    }

    /// <summary>Elements whose text is about the speech, and no part of it.</summary>
    private static bool IsLeftOut(string name) => name is "desc" or "metadata" or "meta" or "lexicon";

    private string? StartTag() => _reader.Name switch
    {
        "p" or "s" => _reader.Name,
        "break" => "break" + Strength() + Time(),
        "emphasis" => "emphasis" + Token("level"),
        "prosody" => "prosody" + Token("pitch") + Token("rate") + Token("volume"),
        "say-as" => "say-as" + Token("interpret-as") + Token("format"),
        "phoneme" => "phoneme alphabet=\"ipa\"" + Phonemes(),
        "lang" when _reader.GetAttribute("xml:lang") is { } language => Voice(language),
        _ => null,
    };

    private string Voice(string language)
    {
        _voice = SpeechVoices.Choose(language, _voice.Gender, null);
        return $"voice name=\"{_voice.Espeak}\"";
    }

    private static string NameOf(string start) => start.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? start[..end] : start;

    private string Strength() =>
        _reader.GetAttribute("strength") is "none" or "x-weak" or "weak" or "medium" or "strong" or "x-strong" ? Token("strength") : "";

    private string Time()
    {
        var (digits, unit) = _reader.GetAttribute("time")?.Trim() switch
        {
            { } time when time.EndsWith("ms", StringComparison.Ordinal) => (time[..^2], 1),
            { } time when time.EndsWith('s') => (time[..^1], 1_000),
            _ => ("", 0),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $" time=\"{Math.Min(number * unit, MaximumBreak):0}ms\"")
            : "";
    }

    /// <summary>An attribute, when its value is a short word or number.</summary>
    private string Token(string name) =>
        _reader.GetAttribute(name) is { Length: > 0 and <= MaximumToken } value && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.' or '%')
            ? $" {name}=\"{value}\""
            : "";

    /// <summary>The pronunciation, in letters; espeak-ng reads the element's text instead where it cannot follow it.</summary>
    private string Phonemes() =>
        _reader.GetAttribute("ph") is { } phonemes ? $" ph=\"{string.Concat(phonemes.Take(MaximumPhonemes).Where(char.IsLetter))}\"" : "";

    /// <summary>
    /// espeak-ng takes what is in double brackets for phonemes, and control characters for commands. It understands the named references of these three
    /// characters, and no others.
    /// </summary>
    private static void WriteText(StringBuilder written, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => written.Append("&amp;"),
                '<' => written.Append("&lt;"),
                '>' => written.Append("&gt;"),
                '[' when written.Length > 0 && written[^1] == '[' => written.Append(" ["),
                _ when char.IsControl(c) => written.Append(' '),
                _ => written.Append(c),
            };
        }
    }
}
