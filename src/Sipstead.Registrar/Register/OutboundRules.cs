using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Register;

/// <summary>When Outbound applies to a contact (RFC 5626 6).</summary>
internal static class OutboundRules
{
    /// <summary>
    /// The reg-id of a contact that Outbound applies to, which needs an instance and a device that supports it; else 0. A reg-id that is no number from 1 to
    /// 2^31-1 is as none (OB-05).
    /// </summary>
    public static uint RegIdOf(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> instance, SipExtension supported)
    {
        if ((supported & SipExtension.Outbound) == 0 || instance.IsEmpty) return 0;
        if (!HeaderParameters.TryFind(parameters, "reg-id"u8, out var text)) return 0;
        return SipNumber.TryParse(text, int.MaxValue, out int number) ? (uint)number : 0;
    }

    /// <summary>
    /// True when the request came through a proxy that would not keep the flow: more than one Via, and no URI of Path says <c>ob</c>. Only the first hop
    /// writes it, so that it does not matter which value it is.
    /// </summary>
    public static bool LacksFirstHop(in SipRequest request)
    {
        var vias = request.Message.Values(HeaderId.Via);
        if (!vias.MoveNext() || !vias.MoveNext()) return false;
        foreach (var value in request.Message.Values(HeaderId.Path))
        {
            if (NameAddress.TryParse(value, out var hop) && hop.Uri.TryGetParameter("ob"u8, out _)) return false;
        }

        return true;
    }

    /// <summary>True when a request made or refreshed a flow that Outbound applies to.</summary>
    public static bool Applied(in SipRequest request, ReadOnlySpan<byte> bindings)
    {
        foreach (var binding in new PackedBindings(bindings))
        {
            ref readonly var header = ref binding.Header;
            if (header.RegId != 0 && header.CSeq == request.CSeq && binding.CallId.SequenceEqual(request.CallId)) return true;
        }

        return false;
    }
}
