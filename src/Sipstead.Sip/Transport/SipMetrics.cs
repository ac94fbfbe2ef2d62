using System.Diagnostics.Metrics;

namespace Sipstead.Sip.Transport;

/// <summary>Counters of the SIP transports, transactions, dialogs and the trace, meter <c>Sipstead.Sip</c>.</summary>
public sealed class SipMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Sipstead.Sip";

    private readonly Counter<long> _received;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _malformed;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _handshakesFailed;
    private readonly Counter<long> _connectsFailed;
    private readonly UpDownCounter<long> _transactions;
    private readonly Counter<long> _transactionsRefused;
    private readonly UpDownCounter<long> _dialogs;
    private readonly Counter<long> _traceRecorded;
    private readonly Counter<long> _traceEvicted;
    private readonly Counter<long> _traceSkipped;
    private readonly Counter<long> _sourcesEvicted;

    public SipMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _received = meter.CreateCounter<long>("sipstead.sip.messages", "{message}", "SIP messages received, by transport");
        _dropped = meter.CreateCounter<long>("sipstead.sip.dropped", "{message}", "Messages dropped without an answer, by reason");
        _malformed = meter.CreateCounter<long>("sipstead.sip.malformed", "{message}", "Messages that could not be read, by error");
        _connections = meter.CreateUpDownCounter<long>("sipstead.sip.connections", "{connection}", "Open stream connections");
        _refused = meter.CreateCounter<long>("sipstead.sip.connections.refused", "{connection}", "Connections closed because a limit was reached");
        _handshakesFailed = meter.CreateCounter<long>("sipstead.sip.tls.failed", "{handshake}", "TLS handshakes of peers that came to nothing, by reason");
        _connectsFailed = meter.CreateCounter<long>("sipstead.sip.connects.failed", "{connection}", "Connections to peers that came to nothing, by reason");
        _transactions = meter.CreateUpDownCounter<long>("sipstead.sip.transactions", "{transaction}", "Live transactions, by kind");
        _transactionsRefused = meter.CreateCounter<long>(
            "sipstead.sip.transactions.refused", "{request}", "Requests refused because the table of transactions or dialogs is full");
        _dialogs = meter.CreateUpDownCounter<long>("sipstead.sip.dialogs", "{dialog}", "Live dialogs, early ones included");
        _traceRecorded = meter.CreateCounter<long>("sipstead.sip.trace.recorded", "By", "Octets that the trace took, its own included");
        _traceEvicted = meter.CreateCounter<long>("sipstead.sip.trace.evicted", "By", "Octets that left the trace for newer ones");
        _traceSkipped = meter.CreateCounter<long>(
            "sipstead.sip.trace.skipped", "{message}", "Messages left out of the trace because their device or call had used up its share");
        _sourcesEvicted = meter.CreateCounter<long>("sipstead.sip.sources.evicted", "{source}", "Sources whose counts made room for another's");
    }

    internal void Received(SipTransport transport, int count)
    {
        if (_received.Enabled) _received.Add(count, new KeyValuePair<string, object?>("transport", transport.Token()));
    }

    internal void Dropped(string reason, int count = 1) => _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));

    internal void Malformed(Parsing.SipError error) => _malformed.Add(1, new KeyValuePair<string, object?>("error", error.ToString()));

    internal void ConnectionOpened() => _connections.Add(1);

    internal void ConnectionClosed() => _connections.Add(-1);

    internal void ConnectionRefused(string limit) => _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    internal void HandshakeFailed(string reason) => _handshakesFailed.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void ConnectFailed(string reason) => _connectsFailed.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void TransactionStarted(string kind) => _transactions.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void TransactionEnded(string kind) => _transactions.Add(-1, new KeyValuePair<string, object?>("kind", kind));

    internal void TransactionRefused() => _transactionsRefused.Add(1);

    internal void DialogStarted() => _dialogs.Add(1);

    internal void DialogEnded() => _dialogs.Add(-1);

    internal void TraceRecorded(int octets) => _traceRecorded.Add(octets);

    internal void TraceEvicted(int octets) => _traceEvicted.Add(octets);

    internal void TraceSkipped() => _traceSkipped.Add(1);

    internal void SourceEvicted() => _sourcesEvicted.Add(1);
}
