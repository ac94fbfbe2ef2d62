using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>
/// The transactions of RFC 3261 17 (with RFC 6026 and 4320): finds the one that a message belongs to, and bounds how many there are. REGISTER and
/// requests that are refused without authentication have none (ruling 2).
/// </summary>
public sealed class TransactionLayer : IDisposable
{
    /// <summary>Transactions that there may be unless told otherwise.</summary>
    public const int DefaultLimit = 50_000;

    private const int BranchDigits = 16;
    private const string Server = "server";
    private const string Client = "client";

    private static ReadOnlySpan<byte> SecureScheme => "sips:"u8;

    private readonly ISipFlows _flows;
    private readonly SipMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimerWheel _timers;
    private readonly int _limit;
    private readonly ConcurrentDictionary<UInt128, IncomingTransaction> _incoming = new();
    private readonly ConcurrentDictionary<OutgoingKey, OutgoingTransaction> _outgoing = new();
    private int _count;
    private bool _fullReported;

    /// <param name="limit">Transactions of both kinds that there may be before new calls are refused.</param>
    public TransactionLayer(
        ISipFlows flows, TimeProvider time, SipMetrics metrics, SipTrace trace, ILoggerFactory loggers, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        _flows = flows;
        _metrics = metrics;
        Trace = trace;
        _logger = loggers.CreateLogger("Sipstead.Sip.Transactions");
        _timers = new TimerWheel(time);
        _limit = limit;
    }

    /// <summary>Live transactions.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True when nothing that a peer begins is to be taken up. Some more may be under way at that moment, one for each receiving loop.</summary>
    internal bool IsFull => Count >= _limit;

    internal ISipFlows Flows => _flows;

    internal SipTrace Trace { get; }

    public void Dispose() => _timers.Dispose();

    /// <summary>
    /// Sends a message of a session over a flow. False when there is no way, only one to ourselves, only a clear one to a sips URI, or the message became
    /// too large to be written.
    /// </summary>
    internal bool Send(SerialQueue serial, in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty || flow.Source == flow.Local || !MayTake(flow, message)) return false;
        if (_flows.IsReachable(flow)) Trace.Record(serial.Trace, TraceDirection.Sent, flow, message); // before its answer can come
        return _flows.TrySend(flow, message);
    }

    /// <summary>
    /// Hands a message of a peer to the session that it belongs to. False when too many wait there: it is dropped as if the network had lost it.
    /// </summary>
    /// <param name="step">What the session does with it.</param>
    internal bool Deliver(SerialQueue serial, SipMessage message, in SipFlow flow, Action step)
    {
        Trace.Record(serial.Trace, TraceDirection.Received, flow, message.Octets);
        if (serial.TryPost(step)) return true;
        _metrics.Dropped("busy session");
        return false;
    }

    internal SerialQueue CreateQueue(in TraceSubject trace) => new(_logger, trace);

    internal SipTimer CreateTimer(SerialQueue serial, Action fired) => new(_timers, serial, fired);

    /// <summary>Takes a response. False when it belongs to nothing (TXN-10, TPT-11).</summary>
    internal bool Receive(SipMessage message, SipFlow flow)
    {
        if (!SipResponse.TryRead(message, out var response) || !TryReadBranch(response.Via.Branch, out var branch)) return false;
        if (!_outgoing.TryGetValue(new OutgoingKey(branch, response.Method), out var transaction) || !IsSentBy(response.Via, transaction)) return false;
        var copy = message.Copy();
        Deliver(transaction.Serial, message, flow, () => transaction.Receive(copy, flow));
        return true;
    }

    /// <summary>Takes a request that is a repeat of one under way. False when it is none.</summary>
    internal bool TryAbsorb(in SipRequest request, in SipFlow flow)
    {
        if (!_incoming.TryGetValue(MessageKeys.OfServerTransaction(request, request.Method, flow.Source), out var transaction)) return false;
        Deliver(transaction.Serial, request.Message, flow, transaction.Repeat);
        return true;
    }

    /// <summary>The INVITE that a CANCEL or ACK has the branch of.</summary>
    internal ServerInviteTransaction? FindInvite(in SipRequest request, in SipFlow flow) =>
        _incoming.GetValueOrDefault(MessageKeys.OfServerTransaction(request, SipMethod.Invite, flow.Source)) as ServerInviteTransaction;

    /// <summary>True when an INVITE came by way of one of ours that is still under way: a Via of it has our branch (DLG-12, S-59).</summary>
    internal bool HasPassedUs(SipMessage invite)
    {
        foreach (var value in invite.Values(HeaderId.Via))
        {
            if (Via.TryParse(value, out var via) && TryReadBranch(via.Branch, out var branch) && _outgoing.ContainsKey(new(branch, SipMethod.Invite))) return true;
        }

        return false;
    }

    /// <summary>Takes up a new server transaction. False when another loop was first with the same request. Asks nobody whether there is room.</summary>
    internal bool TryAdd(IncomingTransaction transaction)
    {
        if (!_incoming.TryAdd(transaction.Key, transaction)) return false;
        Interlocked.Increment(ref _count);
        _metrics.TransactionStarted(Server);
        return true;
    }

    /// <summary>Takes up a new client transaction. Never refused: a call must always be able to end.</summary>
    internal void Add(OutgoingTransaction transaction)
    {
        _outgoing[transaction.Key] = transaction;
        Interlocked.Increment(ref _count);
        _metrics.TransactionStarted(Client);
    }

    internal void Remove(IncomingTransaction transaction)
    {
        if (!_incoming.TryRemove(new(transaction.Key, transaction))) return;
        Interlocked.Decrement(ref _count);
        _metrics.TransactionEnded(Server);
    }

    internal void Remove(OutgoingTransaction transaction)
    {
        if (!_outgoing.TryRemove(new(transaction.Key, transaction))) return;
        Interlocked.Decrement(ref _count);
        _metrics.TransactionEnded(Client);
    }

    /// <summary>Counts a refusal for lack of room; tells the operator the first time.</summary>
    internal void Refuse()
    {
        _metrics.TransactionRefused();
        if (Interlocked.Exchange(ref _fullReported, true)) return;
        SipLog.TransactionTableFull(_logger, _limit);
    }

    /// <summary>A request to a sips URI leaves by TLS or not at all (RFC 3261 26.2.2).</summary>
    private static bool MayTake(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (flow.Transport.IsSecure()) return true;
        var uri = message[(message.IndexOf((byte)' ') + 1)..];
        return uri.Length < SecureScheme.Length || !Ascii.EqualsIgnoreCase(uri[..SecureScheme.Length], SecureScheme);
    }

    private static bool TryReadBranch(ReadOnlySpan<byte> branch, out ulong number)
    {
        number = 0;
        var cookie = SipRequest.BranchCookie;
        return branch.Length == cookie.Length + BranchDigits
            && Ascii.EqualsIgnoreCase(branch[..cookie.Length], cookie)
            && Utf8Parser.TryParse(branch[cookie.Length..], out number, out var read, 'x') && read == BranchDigits;
    }

    /// <summary>True when host and port of the Via are those that the request left with.</summary>
    private static bool IsSentBy(in Via via, OutgoingTransaction transaction)
    {
        var values = transaction.Request.Values(HeaderId.Via);
        return values.MoveNext() && Via.TryParse(values.Current, out var own) && own.Port == via.Port && Ascii.EqualsIgnoreCase(own.Host, via.Host);
    }
}
