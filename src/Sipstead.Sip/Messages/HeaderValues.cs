namespace Sipstead.Sip.Messages;

/// <summary>Walks the comma-separated values of all header lines of one id; commas inside quotes or angle brackets do not split (MSG-09).</summary>
public ref struct HeaderValues
{
    private readonly SipMessage _message;
    private readonly HeaderId _id;
    private ReadOnlySpan<byte> _rest;
    private int _nextLine;
    private bool _more;

    internal HeaderValues(SipMessage message, HeaderId id)
    {
        _message = message;
        _id = id;
        _nextLine = message.FirstLine(id);
    }

    /// <summary>The value, white space stripped. An empty list element gives an empty value.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly HeaderValues GetEnumerator() => this;

    public bool MoveNext()
    {
        if (!_more && !NextLine()) return false;
        var end = EndOfFirst(_rest);
        Current = Parsing.SipChars.Trim(_rest[..end]);
        _more = end < _rest.Length;
        _rest = _more ? _rest[(end + 1)..] : default;
        return true;
    }

    private bool NextLine()
    {
        if (_nextLine < 0) return false;
        _rest = _message.ValueOf(_message.Headers[_nextLine]);
        _nextLine = _message.NextLine(_id, _nextLine);
        return true;
    }

    /// <summary>Where the first value of a list ends: its comma, or the end of the text.</summary>
    public static int EndOfFirst(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var hit = text[at..].IndexOfAny((byte)',', (byte)'"', (byte)'<');
            if (hit < 0) return text.Length;
            at += hit;
            if (text[at] == ',') return at;
            var skip = text[at] == '"' ? Parsing.SipChars.QuotedStringLength(text[at..]) : text[at..].IndexOf((byte)'>') + 1;
            if (skip <= 0) return text.Length; // unbalanced: the reader of the value refuses it
            at += skip;
        }
    }
}
