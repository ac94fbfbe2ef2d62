using System.Text;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Locations;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Admission;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Calls;

/// <summary>
/// INVITE that begins a call and comes from a source of a trunk, for a host that is no realm: no digest is asked for, since the source says who it is (ruling
/// 27, S-50). 404 where no application takes the number; nothing for all other sources.
/// </summary>
internal sealed class TrunkInvites(ProvisioningView view, AuthenticationLimits limits, SessionLayer sessions, DeviceCallsPort port, ILogger logger)
{
    private const int LongestUser = 512;

    /// <summary>How long a source is known after it began a call: longer than calls mostly are.</summary>
    private static readonly TimeSpan SourceLife = TimeSpan.FromHours(1);

    /// <summary>Takes the request. False when its source is no trunk's.</summary>
    public bool TryHandle(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        var trunks = view.Trunks.From(flow.Source.ToIPAddress());
        if (trunks.Count == 0) return false;
        if (Find(trunks, request.Uri) is not { } call) Refuse(trunks[0], request.Uri, flow, responder);
        else if (port.Calls is not { } calls) responder.Send(480);
        else if (sessions.Accept(request, flow, responder) is { } session)
        {
            limits.Vouch(flow, SourceLife, limits.Now);
            calls.Receive(call, session);
        }

        return true;
    }

    /// <summary>The first trunk with a route for what was dialled, or through which a number of the account is called.</summary>
    private TrunkCall? Find(IReadOnlyList<TrunkEntry> trunks, in SipUri uri)
    {
        var user = UserOf(uri);
        if (user.Length == 0) return null;
        var number = E164.FromDialled(user);
        foreach (var trunk in trunks)
        {
            if ((number is not null && trunk.TryFindApplication(number, view.Numbers, out var application))
                || trunk.TryFindApplication(user, view.Numbers, out application))
                return new TrunkCall(trunk, application, number ?? $"sip:{Encoding.UTF8.GetString(uri.User)}@{Encoding.ASCII.GetString(uri.Host)}");
        }

        return null;
    }

    private void Refuse(TrunkEntry trunk, in SipUri uri, in SipFlow flow, in SipResponder responder)
    {
        responder.Send(404);
        if (limits.MayLog(limits.Now))
            RegistrarLog.NumberOfTrunkUnknown(logger, trunk.Name, trunk.Id, trunk.AccountId, EscapedUser.Of(uri.User), flow.Source.ToIPAddress());
    }

    /// <summary>The user part without escapes, and without the parameters that numbers may have in it (RFC 3261 19.1.6).</summary>
    private static string UserOf(in SipUri uri)
    {
        Span<byte> buffer = stackalloc byte[LongestUser];
        var end = uri.User.IndexOf((byte)';');
        return SipUri.TryUnescape(end < 0 ? uri.User : uri.User[..end], buffer, out var length) ? Encoding.UTF8.GetString(buffer[..length]) : "";
    }
}
