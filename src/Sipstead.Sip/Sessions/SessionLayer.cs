using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// Calls, both ways: makes sessions, and hands them what belongs to them. What comes in reaches it through <see cref="UasCore"/>, on receiving loops.
/// </summary>
public sealed class SessionLayer
{
    private const int MinRetrySeconds = 3;
    private const int RetrySpread = 6;

    private readonly SipSessionOptions _options;
    private readonly ConcurrentDictionary<UInt128, UInt128> _invites = new();

    public SessionLayer(TransactionLayer transactions, SipSessionOptions options, SipMetrics metrics, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        Transactions = transactions;
        _options = options;
        Metrics = metrics;
        Dialogs = new DialogTable(options.MaxDialogs, metrics);
        Logger = loggers.CreateLogger("Sipstead.Sip.Sessions");
    }

    /// <summary>Session interval that we ask for, in seconds; 0 for none.</summary>
    internal int SessionExpires => _options.SessionExpires;

    /// <summary>Live dialogs, early ones included.</summary>
    public int DialogCount => Dialogs.Count;

    internal TransactionLayer Transactions { get; }

    internal DialogTable Dialogs { get; }

    internal SipMetrics Metrics { get; }

    internal ILogger Logger { get; }

    /// <summary>True when no new call fits.</summary>
    internal bool IsFull => Transactions.IsFull || Dialogs.IsFull;

    /// <summary>Sends an INVITE over a flow. Never blocks and never throws; results come to the listener, which may hear of a failure before this returns.</summary>
    public OutboundSession Invite(OutboundInvite invite, in SipFlow flow, ISessionListener listener)
    {
        ArgumentNullException.ThrowIfNull(invite);
        ArgumentNullException.ThrowIfNull(listener);
        var session = new OutboundSession(this, invite, flow, listener);
        session.Start();
        return session;
    }

    /// <summary>
    /// Asks over a flow what a peer is capable of, outside of any dialog (RFC 3261 11.1): whether it is there at all. Never throws.
    /// </summary>
    /// <param name="uri">The peer's SIP URI.</param>
    /// <param name="patience">Ends the wait; without it 64*T1 do.</param>
    public Task<OptionsAnswer> AskAsync(string uri, SipFlow flow, CancellationToken patience) =>
        new OptionsInquiry(this, Transactions.CreateQueue(default)).SendAsync(uri, flow, patience);

    /// <summary>Octets that an INVITE has when it is sent over a flow: what is large goes over a stream (RFC 3261 18.1.1, TPT-10).</summary>
    public int SizeOf(OutboundInvite invite, in SipFlow flow, ISessionListener listener)
    {
        ArgumentNullException.ThrowIfNull(invite);
        return new OutboundSession(this, invite, flow, listener).SizeOf(invite);
    }

    /// <summary>
    /// Takes an INVITE without To tag that may be taken: makes its transaction and session, and sends 100. When it cannot, writes the refusal (400, 422,
    /// 482, 503) and returns null. Called on a receiving loop.
    /// </summary>
    /// <param name="device">Realm and credential of the caller, for the trace; the call's number is taken here.</param>
    public InboundSession? Accept(in SipRequest request, in SipFlow flow, in SipResponder responder, in TraceSubject device = default)
    {
        if (!request.Message.Has(HeaderId.Contact))
        {
            responder.Send(400, "Missing Contact Header"u8); // DLG-05
            return null;
        }

        if (!RequestChecks.IsIntervalAcceptable(request.Message, responder)) return null;
        if (Transactions.HasPassedUs(request.Message))
        {
            responder.Send(482);
            return null;
        }

        var merged = MessageKeys.OfMergedRequest(request);
        if (IsFull) return RefuseForRoom(responder);
        var trace = device with { CallNumber = Transactions.Trace.NextCallNumber() };
        var session = new InboundSession(this, request, request.Message.Copy(), flow, trace, () => _invites.TryRemove(merged, out _));
        var key = session.FirstInvite.Transaction.Key;
        var first = _invites.GetOrAdd(merged, key);
        if (first == key && Transactions.TryAdd(session.FirstInvite.Transaction)) return Start(session, request.Message, flow);
        if (first != key) responder.Send(482); // the same request by another way (TXN-14); else another loop has just taken it
        return null;
    }

    /// <summary>The session whose dialog a Replaces header names (RFC 3891 3); null when there is none of ours.</summary>
    public InviteSession? Find(ReplacedDialog dialog)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        return Dialogs.Find(MessageKeys.OfDialog(Encoding.UTF8.GetBytes(dialog.CallId), Encoding.UTF8.GetBytes(dialog.ToTag), Encoding.UTF8.GetBytes(dialog.FromTag)));
    }

    /// <summary>Takes a response. False when it belongs to no request of ours.</summary>
    internal bool Receive(SipMessage response, in SipFlow flow) => Transactions.Receive(response, flow);

    /// <summary>
    /// Takes what belongs to a transaction or dialog: repeats, ACK, CANCEL, and whatever has a To tag. False for all else, which is a request of its own.
    /// </summary>
    internal bool Receive(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        if (request.Method == SipMethod.Ack)
        {
            ReceiveAck(request, flow);
            return true;
        }

        if (Transactions.TryAbsorb(request, flow)) return true;
        if (request.Method == SipMethod.Cancel) ReceiveCancel(request, flow, responder);
        else if (request.To.Tag.IsEmpty) return false;
        else if (Dialogs.Find(request, out var dialog) is not { } session) responder.Send(481);
        else if (RequestChecks.IsAcceptableInDialog(request, responder)) Receive(session, dialog, request, flow);
        else TraceRefusal(session, request, flow, responder);
        return true;
    }

    /// <summary>Starts a client transaction for a request of ours other than INVITE.</summary>
    internal OutgoingTransaction Send(SerialQueue serial, in SipFlow flow, byte[] octets, ulong branch, IClientTransactionUser user) =>
        Start(new ClientTransaction(Transactions, serial, flow, Index(octets), branch, user));

    /// <summary>Starts a client transaction for an INVITE of ours.</summary>
    internal void SendInvite(SerialQueue serial, in SipFlow flow, byte[] octets, ulong branch, IClientTransactionUser user) =>
        Start(new ClientInviteTransaction(Transactions, serial, flow, Index(octets), branch, user));

    internal SentBy SentByFor(in SipFlow flow, string? host, string? user) => new(host ?? _options.HostFor(flow), user);

    /// <summary>A number that nobody can guess, for branches and tags.</summary>
    internal static ulong NextRandom()
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(octets);
        return BitConverter.ToUInt64(octets);
    }

    /// <summary>Seconds for Retry-After, not the same for all.</summary>
    internal static string NextRetryAfter() => (MinRetrySeconds + RandomNumberGenerator.GetInt32(RetrySpread)).ToString(CultureInfo.InvariantCulture);

    private static SipMessage Index(byte[] octets)
    {
        var message = new SipMessage();
        SipParser.TryParseDatagram(octets, 0, octets.Length, message);
        return message.Copy();
    }

    private OutgoingTransaction Start(OutgoingTransaction transaction)
    {
        Transactions.Add(transaction);
        transaction.Start();
        return transaction;
    }

    private InboundSession Start(InboundSession session, SipMessage invite, in SipFlow flow)
    {
        Transactions.Deliver(session.Serial, invite, flow, () => session.TryStart()); // its tag is new, so nothing can have it
        return session;
    }

    private InboundSession? RefuseForRoom(in SipResponder responder)
    {
        Transactions.Refuse();
        var writer = responder.Begin(503);
        writer.Text("Retry-After: "u8);
        writer.Value(NextRetryAfter());
        writer.EndLine();
        responder.End();
        return null;
    }

    /// <summary>What was refused without a transaction reached no session, but belongs to its trace.</summary>
    private void TraceRefusal(InviteSession session, in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        Transactions.Trace.Record(session.Trace, TraceDirection.Received, flow, request.Message.Octets);
        Transactions.Trace.Record(session.Trace, TraceDirection.Sent, flow, responder.Written);
    }

    private void Receive(InviteSession session, UInt128 dialog, in SipRequest request, SipFlow flow)
    {
        if (Transactions.IsFull && request.Method != SipMethod.Bye)
        {
            Transactions.Refuse(); // unanswered: the peer repeats it
            return;
        }

        var copy = request.Message.Copy();
        if (request.Method == SipMethod.Invite) ReceiveInvite(session, dialog, request, copy, flow);
        else ReceiveOther(session, dialog, request, copy, flow);
    }

    private void ReceiveInvite(InviteSession session, UInt128 dialog, in SipRequest request, SipMessage copy, SipFlow flow)
    {
        var invite = new IncomingInvite(Transactions, session.Serial, request, copy, flow, 0, session);
        if (!Transactions.TryAdd(invite.Transaction)) return;
        var isTaken = Transactions.Deliver(session.Serial, copy, flow, () => session.Receive(invite, dialog, flow));
        if (!isTaken) Transactions.Remove(invite.Transaction);
    }

    private void ReceiveOther(InviteSession session, UInt128 dialog, in SipRequest request, SipMessage copy, SipFlow flow)
    {
        var key = MessageKeys.OfServerTransaction(request, request.Method, flow.Source);
        var transaction = new ServerTransaction(Transactions, session.Serial, ResponseWriter.FlowOf(copy, flow), key);
        if (!Transactions.TryAdd(transaction)) return;
        var isTaken = Transactions.Deliver(session.Serial, copy, flow, () => session.Receive(new Exchange(copy, flow, transaction, dialog)));
        if (!isTaken) Transactions.Remove(transaction);
    }

    private void ReceiveAck(in SipRequest request, SipFlow flow)
    {
        var copy = request.Message.Copy();
        if (Transactions.FindInvite(request, flow) is { } invite) Transactions.Deliver(invite.Serial, copy, flow, () => invite.ReceiveAck(copy, flow));
        else if (Dialogs.Find(request, out _) is { } session) Transactions.Deliver(session.Serial, copy, flow, () => session.ReceiveAck(copy, flow));
        else Metrics.Dropped("stray ACK");
    }

    /// <summary>Answers the CANCEL before the INVITE, with the To tag of the INVITE's responses (RFC 3261 9.2).</summary>
    private void ReceiveCancel(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        if (Transactions.FindInvite(request, flow) is not { } invite)
        {
            responder.Send(481);
            return;
        }

        var message = request.Message;
        var key = MessageKeys.OfServerTransaction(request, SipMethod.Cancel, flow.Source);
        var transaction = new ServerTransaction(Transactions, invite.Serial, ResponseWriter.FlowOf(message, flow), key);
        if (!Transactions.TryAdd(transaction)) return;
        using var draft = new MessageDraft();
        ResponseWriter.Begin(draft.Writer, message, flow, 200, SipStatus.ReasonOf(200), invite.ToTag);
        ResponseWriter.End(draft.Writer);
        var answer = draft.ToArray();
        var reason = InviteSession.ReasonOf(message);
        var isTaken = Transactions.Deliver(invite.Serial, message, flow, () =>
        {
            transaction.Respond(200, answer);
            invite.ReceiveCancel(reason);
        });
        if (!isTaken) Transactions.Remove(transaction);
    }
}
