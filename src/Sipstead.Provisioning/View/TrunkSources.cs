using System.Buffers.Binary;
using System.Net;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Finds trunks by the address that a call came from: one look for each length of network that there is, however many trunks there are, since anybody may ask
/// by sending something. Immutable.
/// </summary>
internal sealed class TrunkSources
{
    private const int AddressBits = 128;

    private readonly Dictionary<(UInt128 Network, int Length), List<int>> _places = [];
    private readonly int[] _lengths;

    /// <param name="trunks">The trunks in their order; disabled ones are not found.</param>
    public TrunkSources(IReadOnlyList<TrunkEntry> trunks)
    {
        for (var place = 0; place < trunks.Count; place++)
        {
            if (!trunks[place].IsEnabled) continue;
            foreach (var source in trunks[place].Sources) Add(source, place);
        }

        _lengths = [.. _places.Keys.Select(key => key.Length).Distinct()];
    }

    /// <summary>The places of the trunks that have an address among their sources, in order.</summary>
    public IEnumerable<int> Find(IPAddress source)
    {
        if (_lengths.Length == 0) return [];
        var address = BitsOf(source);
        SortedSet<int>? found = null;
        foreach (var length in _lengths)
        {
            if (_places.TryGetValue((Masked(address, length), length), out var places)) (found ??= []).UnionWith(places);
        }

        return found ?? Enumerable.Empty<int>();
    }

    private void Add(IPNetwork source, int place)
    {
        var isIpv4 = source.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        var length = isIpv4 ? source.PrefixLength + AddressBits - 32 : source.PrefixLength;
        var key = (Masked(BitsOf(source.BaseAddress), length), length);
        if (!_places.TryGetValue(key, out var places)) _places[key] = places = [];
        places.Add(place);
    }

    /// <summary>IPv4 addresses in their mapped form.</summary>
    private static UInt128 BitsOf(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[AddressBits / 8];
        address.MapToIPv6().TryWriteBytes(octets, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(octets);
    }

    private static UInt128 Masked(UInt128 address, int length) => length == 0 ? 0 : address & (UInt128.MaxValue << (AddressBits - length));
}
