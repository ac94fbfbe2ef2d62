using System.Runtime.InteropServices;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// Bindings as journals of version 1 hold them: the header ends before <see cref="BindingHeader.PathLength"/>, and there is no Path among the texts. The
/// fields that came later are 0 for them, which is what they mean where there is no Path, no Outbound and no GRUU.
/// </summary>
internal static class BindingsOfVersion1
{
    public const byte Version = 1;

    /// <summary>Octets of the header of version 1, which the header of today begins with.</summary>
    private const int HeaderSize = 104;

    /// <summary>Gives the bindings today's layout. False for octets that are no whole bindings.</summary>
    public static bool TryUpgrade(ReadOnlySpan<byte> octets, out byte[] upgraded)
    {
        upgraded = [];
        var set = new BindingSetWriter();
        Span<byte> padded = stackalloc byte[BindingHeader.Size];
        while (!octets.IsEmpty)
        {
            if (octets.Length < HeaderSize) return false;
            padded.Clear();
            octets[..HeaderSize].CopyTo(padded);
            var header = MemoryMarshal.Read<BindingHeader>(padded);
            var texts = header.UriLength + header.ParametersLength + header.CallIdLength + header.UserAgentLength;
            if (header.Length != HeaderSize + texts || header.Length > octets.Length) return false;
            Add(set, header, octets[HeaderSize..header.Length]);
            octets = octets[header.Length..];
        }

        upgraded = set.Written.ToArray();
        return true;
    }

    private static void Add(BindingSetWriter set, in BindingHeader header, ReadOnlySpan<byte> texts)
    {
        var callId = texts[(header.UriLength + header.ParametersLength)..];
        set.Add(header, new BindingTexts
        {
            Uri = texts[..header.UriLength], Parameters = texts.Slice(header.UriLength, header.ParametersLength),
            CallId = callId[..header.CallIdLength], UserAgent = callId[header.CallIdLength..],
        });
    }
}
