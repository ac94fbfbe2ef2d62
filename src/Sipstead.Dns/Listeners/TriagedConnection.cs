using System.Net;
using ARSoft.Tools.Net.Dns;

namespace Sipstead.Dns;

/// <summary>
/// A connection as the library's server sees it, with triage in front and one query at a time. The server reads ahead and makes a task of
/// each query; here the next message is read only when the last query has its answer, so that a sender never makes more than one.
/// </summary>
internal abstract class TriagedConnection(IServerTransport transport, string transportName, ListenerContext context) : IServerConnection
{
    /// <summary>How long the server may take for an answer; it takes less than a millisecond unless it lost the query.</summary>
    public static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private TriageResult _query;
    private ZoneData? _zone;
    private int _closed;

    public IServerTransport Transport => transport;

    public abstract IPEndPoint RemoteEndPoint { get; }

    public abstract IPEndPoint LocalEndPoint { get; }

    public bool CanRead => Volatile.Read(ref _closed) == 0;

    protected ListenerContext Context => context;

    public Task<bool> InitializeAsync(CancellationToken token = default) => Task.FromResult(true);

    /// <summary>The next well-formed query; what is not one is answered or dropped here. Null when the connection has ended.</summary>
    public async Task<DnsReceivedRawPackage?> ReceiveAsync(CancellationToken token = default)
    {
        try
        {
            await TakeTurnAsync(token).ConfigureAwait(false);
            while (await ReadAsync(token).ConfigureAwait(false) is { } message)
            {
                var judged = QueryTriage.Judge(message.Span);
                if (judged.Outcome == TriageOutcome.Pass)
                {
                    _zone = context.Answers.Zone;
                    if (Known is not null && Known.TryGet(_zone, judged, out var known))
                    {
                        if (!await AnswerAsync(known, judged.QuestionLength, (int)Rcode.NoError, token).ConfigureAwait(false))
                            break;
                        continue;
                    }
                    _query = judged;
                    return new DnsReceivedRawPackage(judged.Octets, RemoteEndPoint, LocalEndPoint);
                }
                if (judged.Outcome == TriageOutcome.Drop)
                    context.Meter.Dropped(judged.DropReason, transportName);
                else if (!await AnswerAsync(judged.Octets, judged.QuestionLength, (int)judged.Rcode, token).ConfigureAwait(false))
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // The responder stops, or the server lost the query.
        }
        Close();
        return null;
    }

    public async Task<bool> SendAsync(DnsRawPackage package, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        try
        {
            var octets = Finish(package.ToArraySegment(false));
            // The zone that was answered from lies between the one at the query and this one.
            if (_zone is not null && ReferenceEquals(_zone, context.Answers.Zone))
                Known?.Keep(_zone, _query, octets);
            return CanRead
                && await AnswerAsync(octets, _query.QuestionLength, octets[QueryTriage.LengthPrefix + 3] & 0x0F, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Does nothing. The server counts its uses of a connection so that the count can touch zero between two queries, and calls this then;
    /// so a connection ends itself, when it has nothing more to read.
    /// </summary>
#pragma warning disable CA1816 // There is no finalizer to suppress.
    public void Dispose()
#pragma warning restore CA1816
    {
    }

    /// <summary>Ends the connection; the first call counts.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            OnClosed();
    }

    /// <summary>Gives up what the connection holds; called once.</summary>
    protected abstract void OnClosed();

    /// <summary>The next message, or null when the connection has ended. Valid until the next call.</summary>
    protected abstract ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken token);

    /// <summary>Sends a message that stands behind two octets of length. False when it could not be sent, which is counted.</summary>
    protected abstract ValueTask<bool> WriteAsync(byte[] prefixed, CancellationToken token);

    /// <summary>Answers that may be given again without the server; null for none.</summary>
    protected virtual AnswerCache? Known => null;

    /// <summary>What is sent in the place of an answer: itself, less of it, or null for silence.</summary>
    protected virtual byte[]? Limit(byte[] prefixed, int questionLength) => prefixed;

    /// <summary>Whether the connection goes on after an answer that could not be sent.</summary>
    protected abstract bool SurvivesFailedWrite { get; }

    /// <summary>The longest answer that this query's client takes.</summary>
    protected abstract int LimitOf(in TriageResult query);

    private async ValueTask TakeTurnAsync(CancellationToken token)
    {
        using var deadline = new CancellationTokenSource(AnswerDeadline, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, token);
        await _turn.WaitAsync(either.Token).ConfigureAwait(false);
    }

    /// <summary>False when the connection has to end.</summary>
    private async ValueTask<bool> AnswerAsync(byte[] prefixed, int questionLength, int rcode, CancellationToken token)
    {
        if (Limit(prefixed, questionLength) is not { } octets)
            return true;
        if (!await WriteAsync(octets, token).ConfigureAwait(false))
            return SurvivesFailedWrite;
        context.Meter.Answered(rcode, transportName);
        return true;
    }

    private byte[] Finish(Span<byte> encoded)
    {
        // The library keeps names as text, which loses octets above 127: the question goes back as it came.
        _query.Octets.AsSpan(QueryTriage.LengthPrefix + WireFormat.HeaderLength, _query.QuestionLength)
            .CopyTo(encoded[WireFormat.HeaderLength..]);
        var length = ResponseFitter.Fit(encoded, _query.QuestionLength, LimitOf(_query));
        var octets = new byte[QueryTriage.LengthPrefix + length];
        WireFormat.WriteUInt16(octets, 0, length);
        encoded[..length].CopyTo(octets.AsSpan(QueryTriage.LengthPrefix));
        return octets;
    }
}
