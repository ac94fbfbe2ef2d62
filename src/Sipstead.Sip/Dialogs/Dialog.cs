using Sipstead.Sip.Locating;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Dialogs;

/// <summary>
/// The state of a dialog (RFC 3261 12): id, sequence numbers both ways, route set, remote target, and the flow over which all requests leave: the one on
/// which the peer was last seen, or the one that leads to the next hop where that was located. Belongs to the serial queue of its session.
/// </summary>
internal sealed class Dialog
{
    private readonly SentBy _sentBy;
    private readonly byte[] _callId, _local, _remote;
    private byte[][] _routes;
    private byte[] _target;
    private uint? _remoteSequence;
    private bool _isLocated;

    private Dialog(SentBy sentBy, UInt128 key, byte[] callId, byte[] local, byte[] remote, byte[][] routes, byte[] target, SipFlow flow)
    {
        _sentBy = sentBy;
        Key = key;
        _callId = callId;
        _local = local;
        _remote = remote;
        _routes = routes;
        _target = target;
        Flow = flow;
    }

    /// <summary>Call-ID and tags as one (DLG-01).</summary>
    public UInt128 Key { get; }

    /// <summary>The way that requests take.</summary>
    public SipFlow Flow { get; private set; }

    /// <summary>Where requests go by route set and remote target (RFC 3261 12.2.1.1, 8.1.2); null when that names no place that can be sent to.</summary>
    public SipDestination? NextHop => SipUri.TryParse(_routes.Length > 0 ? UriOf(_routes[0]) : _target, out var uri) ? SipDestination.Of(uri) : null;

    /// <summary>What requests are addressed to: a first route that is no loose router wants the Request-URI for itself (RFC 3261 12.2.1.1).</summary>
    public ReadOnlySpan<byte> RequestUri => IsStrict ? UriOf(_routes[0]) : _target;

    /// <summary>Number of the last request of ours.</summary>
    public uint LocalSequence { get; private set; }

    /// <summary>The dialog that a response to our INVITE makes (RFC 3261 12.1.2).</summary>
    public static Dialog OfResponse(SentBy sentBy, SipMessage invite, in SipResponse response, in SipFlow flow)
    {
        var message = response.Message;
        var routes = RoutesOf(message);
        Array.Reverse(routes);
        var callId = invite.Value(HeaderId.CallId);
        var localTag = NameAddress.TryParse(invite.Value(HeaderId.From), out var from) ? from.Tag : default;
        var target = TryReadContact(message, out var contact) ? contact : invite.RequestUri;
        return new Dialog(
            sentBy, MessageKeys.OfDialog(callId, localTag, response.To.Tag), callId.ToArray(), invite.Value(HeaderId.From).ToArray(),
            message.Value(HeaderId.To).ToArray(), routes, target.ToArray(), flow) { LocalSequence = response.CSeq };
    }

    /// <summary>The dialog that an INVITE of a peer makes (RFC 3261 12.1.1).</summary>
    public static Dialog OfRequest(SentBy sentBy, in SipRequest invite, in SipFlow flow, ulong localTag)
    {
        using var local = new MessageDraft();
        local.Writer.Value(invite.Message.Value(HeaderId.To));
        local.Writer.Text(";tag="u8);
        local.Writer.Hex(localTag);
        var target = TryReadContact(invite.Message, out var contact) ? contact : invite.From.Uri.Text;
        return new Dialog(
            sentBy, MessageKeys.OfDialog(invite.CallId, local.Writer.Written[^16..], invite.From.Tag), invite.CallId.ToArray(), local.ToArray(),
            invite.Message.Value(HeaderId.From).ToArray(), RoutesOf(invite.Message), target.ToArray(), flow) { _remoteSequence = invite.CSeq };
    }

    /// <summary>Notes where the peer was seen. Requests go there unless their next hop was located.</summary>
    public void SeenOn(in SipFlow flow)
    {
        if (!_isLocated) Flow = flow;
    }

    /// <summary>Sends all requests by the way to the next hop.</summary>
    public void LeaveBy(in SipFlow flow) => (Flow, _isLocated) = (flow, true);

    /// <summary>Takes routes and target of the 2xx that confirms this early dialog; its numbers go on (RFC 3261 13.2.2.4).</summary>
    public void Confirm(Dialog confirmed)
    {
        _routes = confirmed._routes;
        _target = confirmed._target;
        (Flow, _isLocated) = (confirmed.Flow, confirmed._isLocated);
    }

    /// <summary>Takes the number of a request of the peer. False when it is lower than the last (DLG-03); gaps are allowed.</summary>
    public bool TryAdvance(uint sequence)
    {
        if (_remoteSequence > sequence) return false;
        _remoteSequence = sequence;
        return true;
    }

    /// <summary>Takes the Contact of a target refresh request or its 2xx (RFC 3261 12.2; DLG-02).</summary>
    public void RefreshTarget(SipMessage message)
    {
        if (TryReadContact(message, out var target)) _target = target.ToArray();
    }

    /// <summary>Takes the next number for a request of ours. ACK does not: it has its INVITE's.</summary>
    public uint NextSequence() => ++LocalSequence;

    /// <summary>Starts a request within the dialog (RFC 3261 12.2.1.1); headers of its own and the body follow.</summary>
    public void Begin(SipWriter writer, ReadOnlySpan<byte> method, uint sequence, ulong branch)
    {
        RequestWriter.Begin(writer, method, RequestUri);
        _sentBy.WriteVia(writer, Flow, branch);
        foreach (var route in _routes.AsSpan(IsStrict ? 1 : 0)) RequestWriter.Header(writer, "Route"u8, route);
        if (IsStrict) WriteTargetAsRoute(writer);
        writer.Text(RequestWriter.MaxForwardsLine);
        RequestWriter.Header(writer, "From"u8, _local);
        RequestWriter.Header(writer, "To"u8, _remote);
        RequestWriter.Header(writer, "Call-ID"u8, _callId);
        RequestWriter.CSeq(writer, sequence, method);
    }

    /// <summary>Writes our Contact and Allow, as INVITE and its responses carry them.</summary>
    public void WriteContact(SipWriter writer)
    {
        _sentBy.WriteContact(writer, Flow);
        writer.Text(RequestWriter.AllowLine);
    }

    /// <summary>True when the first route is no loose router: the target then stands behind the other routes.</summary>
    private bool IsStrict => _routes.Length > 0 && !IsLoose(_routes[0]);

    private static bool TryReadContact(SipMessage message, out ReadOnlySpan<byte> uri)
    {
        uri = default;
        var values = message.Values(HeaderId.Contact);
        if (!values.MoveNext() || !NameAddress.TryParse(values.Current, out var contact) || !contact.Uri.IsSip) return false;
        uri = contact.Uri.Text;
        return true;
    }

    private static byte[][] RoutesOf(SipMessage message)
    {
        var routes = new List<byte[]>();
        foreach (var value in message.Values(HeaderId.RecordRoute))
        {
            if (NameAddress.TryParse(value, out _)) routes.Add(value.ToArray());
        }

        return [.. routes];
    }

    private static bool IsLoose(ReadOnlySpan<byte> route) => NameAddress.TryParse(route, out var address) && address.Uri.TryGetParameter("lr"u8, out _);

    private static ReadOnlySpan<byte> UriOf(ReadOnlySpan<byte> route) => NameAddress.TryParse(route, out var address) ? address.Uri.Text : default;

    private void WriteTargetAsRoute(SipWriter writer)
    {
        writer.Text("Route: <"u8);
        writer.Value(_target);
        writer.Text(">\r\n"u8);
    }
}
