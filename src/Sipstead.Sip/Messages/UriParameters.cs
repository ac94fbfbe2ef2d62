namespace Sipstead.Sip.Messages;

/// <summary>One URI parameter as sent.</summary>
public readonly ref struct UriParameter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool hasValue)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Value { get; } = value;

    public bool HasValue { get; } = hasValue;
}

/// <summary>Walks the <c>;name=value</c> parameters of a URI; no white space, no quotes (RFC 3261 25.1 <c>uri-parameters</c>).</summary>
public ref struct UriParameters(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public UriParameter Current { get; private set; }

    public readonly UriParameters GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        var text = _rest[1..];
        var end = text.IndexOf((byte)';');
        _rest = end < 0 ? default : text[end..];
        if (end >= 0) text = text[..end];
        var equals = text.IndexOf((byte)'=');
        Current = equals < 0 ? new UriParameter(text, default, false) : new UriParameter(text[..equals], text[(equals + 1)..], true);
        return true;
    }
}
