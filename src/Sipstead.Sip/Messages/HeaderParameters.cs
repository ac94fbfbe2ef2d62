using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Messages;

/// <summary>Walks <c>;name=value</c> parameters of a header value (<c>generic-param</c>, RFC 3261 25.1). White space round ';' and '=' is allowed.</summary>
public ref struct HeaderParameters(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Name as sent; compare without case.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Value as sent, quotes included; empty when there is none (see <see cref="HasValue"/>).</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>True when the parameter has an '='.</summary>
    public bool HasValue { get; private set; }

    /// <summary>True when <see cref="MoveNext"/> ended because the text is not parameters.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Octets behind the current parameter, and white space before them.</summary>
    internal readonly int RestLength => _rest.Length;

    public bool MoveNext()
    {
        _rest = SipChars.Trim(_rest);
        if (_rest.IsEmpty) return false;
        if (_rest[0] != ';') return Malformed();
        _rest = SipChars.Trim(_rest[1..]);
        var nameEnd = SipChars.Token.IndexOfOther(_rest);
        if (nameEnd < 0) nameEnd = _rest.Length;
        if (nameEnd == 0) return Malformed();
        Name = _rest[..nameEnd];
        Value = default;
        _rest = SipChars.Trim(_rest[nameEnd..]);
        HasValue = !_rest.IsEmpty && _rest[0] == '=';
        return !HasValue || ReadValue();
    }

    /// <summary>Finds a parameter by name. False when it is absent or the text is malformed before it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var walker = new HeaderParameters(parameters);
        while (walker.MoveNext())
        {
            if (!System.Text.Ascii.EqualsIgnoreCase(walker.Name, name)) continue;
            value = walker.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>True when the whole text is well-formed parameters, at most <see cref="SipLimits.Parameters"/> of them.</summary>
    public static bool AreValid(ReadOnlySpan<byte> parameters)
    {
        if (parameters.IsEmpty) return true;
        var walker = new HeaderParameters(parameters);
        var count = 0;
        while (walker.MoveNext())
        {
            if (++count > SipLimits.Parameters) return false;
        }

        return !walker.IsMalformed;
    }

    private bool ReadValue()
    {
        _rest = SipChars.Trim(_rest[1..]);
        if (_rest.IsEmpty) return Malformed();
        int length;
        if (_rest[0] == '"')
        {
            length = SipChars.QuotedStringLength(_rest);
            if (length < 0) return Malformed();
        }
        else
        {
            length = SipChars.ParameterValue.IndexOfOther(_rest);
            if (length < 0) length = _rest.Length;
            if (length == 0) return Malformed();
        }

        Value = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        _rest = default;
        return false;
    }
}
