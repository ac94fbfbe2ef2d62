using System.Buffers;

namespace Sipstead.Registrar.Location;

/// <summary>Octets that are kept one behind the other until a batch or an operation ends.</summary>
internal static class KeptOctets
{
    /// <summary>Copies octets behind those there are. Returns where they are.</summary>
    public static Range Keep(this ArrayBufferWriter<byte> kept, ReadOnlySpan<byte> octets)
    {
        var start = kept.WrittenCount;
        kept.Write(octets);
        return start..kept.WrittenCount;
    }
}
