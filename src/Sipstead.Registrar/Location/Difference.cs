using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Location;

/// <summary>Where two rows of octets of one length differ: from the first to the last octet that does.</summary>
internal readonly record struct Difference(int Start, int Length)
{
    public static Difference Between(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var start = one.CommonPrefixLength(other);
        var end = one.Length;
        while (end - start >= sizeof(ulong) && MemoryMarshal.Read<ulong>(one[(end - sizeof(ulong))..]) == MemoryMarshal.Read<ulong>(other[(end - sizeof(ulong))..]))
            end -= sizeof(ulong);
        while (end > start && one[end - 1] == other[end - 1]) end--;
        return new Difference(start, end - start);
    }

    public Span<byte> Of(Span<byte> octets) => octets.Slice(Start, Length);

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> octets) => octets.Slice(Start, Length);
}
