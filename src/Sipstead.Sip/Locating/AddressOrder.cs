using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>
/// The order in which the addresses of one host are tried (RFC 6724 6, rules 1, 2, 5, 6 and 10): those that a local address reaches, of the same scope and
/// kind as that address, IPv6 before IPv4, and as DNS gave them.
/// </summary>
internal static class AddressOrder
{
    /// <summary>The default policy table (RFC 6724 2.1), longest prefixes first.</summary>
    private static readonly (UInt128 Prefix, int Length, int Precedence, int Label)[] Table =
    [
        (UInt128.One, 128, 50, 0), // ::1
        ((UInt128)0xFFFF << 32, 96, 35, 4), // IPv4
        ((UInt128)0x2001_0000 << 96, 32, 5, 5), // Teredo
        ((UInt128)0x2002 << 112, 16, 30, 2), // 6to4
        ((UInt128)0xFC00 << 112, 7, 3, 13), // unique local
        (UInt128.Zero, 0, 40, 1),
    ];

    /// <param name="facing">The local address that the system would send from; null when it has none.</param>
    public static IReadOnlyList<TransportAddress> Of(IEnumerable<TransportAddress> addresses, Func<TransportAddress, TransportAddress?> facing) =>
    [
        .. from address in addresses
           let source = facing(address)
           orderby source is null, source is null || ScopeOf(address) != ScopeOf(source.Value),
               source is null || EntryOf(address).Label != EntryOf(source.Value).Label, EntryOf(address).Precedence descending
           select address,
    ];

    private static (UInt128 Prefix, int Length, int Precedence, int Label) EntryOf(TransportAddress address) =>
        Array.Find(Table, entry => entry.Length == 0 || (address.Bits ^ entry.Prefix) >> (128 - entry.Length) == UInt128.Zero);

    /// <summary>Link-local (2; loopback counts as it, RFC 6724 3.2) or global (14).</summary>
    private static int ScopeOf(TransportAddress address) => address.IsLoopback || IsLinkLocal(address) ? 2 : 14;

    private static bool IsLinkLocal(TransportAddress address) =>
        address.IsIpv4 ? (uint)(ulong)address.Bits >> 16 == 0xA9FE : address.Bits >> 118 == 0xFE80 >> 6;
}
