using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sipstead.Sip.Parsing;

/// <summary>
/// A set of octets. Most texts of SIP are a handful of octets long: for them a walk with a table is quicker than the set-up of a vector search, which the
/// longer ones get.
/// </summary>
internal sealed class OctetSet
{
    private const int LongText = 32;

    private readonly bool[] _isIn = new bool[256];
    private readonly SearchValues<byte> _values;

    public OctetSet(string characters)
    {
        var octets = System.Text.Encoding.ASCII.GetBytes(characters);
        foreach (var octet in octets) _isIn[octet] = true;
        _values = SearchValues.Create(octets);
    }

    public bool Contains(byte octet) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_isIn), octet);

    /// <summary>Where the first octet that is not in the set stands; -1 when there is none.</summary>
    public int IndexOfOther(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongText) return text.IndexOfAnyExcept(_values);
        for (var i = 0; i < text.Length; i++)
        {
            if (!Contains(text[i])) return i;
        }

        return -1;
    }
}
