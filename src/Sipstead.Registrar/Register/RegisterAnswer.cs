using System.Text;
using Sipstead.Registrar.Gruus;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Registrar.Register;

/// <summary>
/// The 200 to a REGISTER (RFC 3261 10.3 step 8): every live binding as registered, with its GRUUs where the device supports them (RFC 5627 5.3), and what
/// Path, Outbound and Service-Route add. One for each receiving loop.
/// </summary>
internal sealed class RegisterAnswer(RegistrarOptions options, TemporaryGruuWriter temporaryGruus, BatchClock clock)
{
    private const int MaxUser = 320;

    /// <summary>Octets of an instance up to which a device gets GRUUs: escaped, a longer one would make the answer many times the request.</summary>
    private const int MaxInstance = 256;

    private readonly DateHeader _date = new(clock);
    private readonly byte[] _user = new byte[MaxUser];
    private readonly byte[] _serviceRoute = ServiceRouteLines(options.ServiceRoute);

    /// <summary>Writes the answer.</summary>
    /// <param name="supported">Extensions that the device supports.</param>
    /// <param name="realmFqdn">What the GRUUs are made with.</param>
    public void Write(
        in SipResponder responder, in SipRequest request, in SipFlow flow, SipExtension supported, long credentialId, ReadOnlySpan<byte> realmFqdn,
        ReadOnlySpan<byte> bindings)
    {
        var now = clock.NowMs;
        var hasGruus = (supported & SipExtension.Gruu) != 0;
        var userName = hasGruus && SipUri.TryUnescape(request.To.Uri.User, _user, out var length) ? _user.AsSpan(0, length) : default;
        var writer = responder.Begin(200);
        foreach (var binding in new PackedBindings(bindings))
        {
            if (binding.Header.ExpiresAt <= now) continue;
            BeginContact(writer, binding);
            if (hasGruus) WriteGruus(writer, binding, credentialId, userName, realmFqdn);
            EndContact(writer, binding, now);
        }

        if ((supported & SipExtension.Path) != 0) WritePath(writer, request.Message);
        if ((supported & SipExtension.Outbound) != 0 && OutboundRules.Applied(request, bindings)) WriteOutbound(writer, flow);
        End(responder, writer);
    }

    /// <summary>Writes the answer to a request that asks for nothing beyond its bindings, which are all live.</summary>
    public void WriteRefreshed(in SipResponder responder, ReadOnlySpan<byte> bindings)
    {
        var writer = responder.Begin(200);
        foreach (var binding in new PackedBindings(bindings))
        {
            BeginContact(writer, binding);
            EndContact(writer, binding, clock.NowMs);
        }

        End(responder, writer);
    }

    private static void BeginContact(SipWriter writer, in PackedBinding binding)
    {
        writer.Text("Contact: <"u8);
        writer.Value(binding.Uri);
        writer.Text(">"u8);
        writer.Value(binding.Parameters);
    }

    private static void EndContact(SipWriter writer, in PackedBinding binding, long now)
    {
        writer.Text(";expires="u8);
        writer.Number(Binding.SecondsLeft(binding.Header.ExpiresAt, now));
        writer.EndLine();
    }

    private void End(in SipResponder responder, SipWriter writer)
    {
        writer.Text(_serviceRoute);
        _date.Write(writer);
        responder.End();
    }

    private void WriteGruus(SipWriter writer, in PackedBinding binding, long credentialId, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> realmFqdn)
    {
        var instance = binding.InstanceId;
        if (instance.IsEmpty || instance.Length > MaxInstance || binding.Header.GruuEpoch == 0) return;
        var scheme = binding.Uri.Length > 4 && (binding.Uri[3] | 0x20) == 's' ? "sips:"u8 : "sip:"u8; // of the contact's own security
        writer.Text(";pub-gruu=\""u8);
        writer.Text(scheme);
        PublicGruu.Write(writer, userName, realmFqdn, instance);
        writer.Text("\";temp-gruu=\""u8);
        writer.Text(scheme);
        temporaryGruus.Write(writer, credentialId, binding.Header.GruuEpoch, binding.Header.CSeq);
        writer.Text("@"u8);
        writer.Text(realmFqdn);
        writer.Text(";gr\""u8);
    }

    private static void WritePath(SipWriter writer, SipMessage request)
    {
        foreach (var value in request.Values(HeaderId.Path))
        {
            writer.Text("Path: "u8);
            writer.Value(value);
            writer.EndLine();
        }
    }

    /// <summary>How long the device may be silent: streams as set, UDP no longer than NATs keep a mapping.</summary>
    private void WriteOutbound(SipWriter writer, in SipFlow flow)
    {
        writer.Text("Require: outbound\r\nFlow-Timer: "u8);
        writer.Number(flow.Transport.IsStream() ? options.FlowTimer : ResponseWriter.KeepSeconds);
        writer.EndLine();
    }

    private static byte[] ServiceRouteLines(IReadOnlyList<string> routes)
    {
        var lines = new StringBuilder();
        foreach (var route in routes) lines.Append("Service-Route: <").Append(route).Append(">\r\n");
        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}
