using Sipstead.Sip.Messages;

namespace Sipstead.Registrar.Location;

/// <summary>Walks the Path values that are kept with a binding.</summary>
internal ref struct PathValues(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly PathValues GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        var end = HeaderValues.EndOfFirst(_rest);
        Current = _rest[..end];
        _rest = end < _rest.Length ? _rest[(end + 1)..] : default;
        return true;
    }
}
