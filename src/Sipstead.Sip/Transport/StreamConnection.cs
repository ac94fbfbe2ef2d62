using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace Sipstead.Sip.Transport;

/// <summary>
/// One TCP or TLS connection: waits without a buffer, reads with a borrowed one, answers in order. The first message must come, and each be whole, within
/// 64*T1; an idle connection ends 64*T1 after its last use and the last binding made over it (TPT-16).
/// </summary>
internal sealed class StreamConnection : IDisposable
{
    /// <summary>64*T1 (RFC 3261 17.1.1.1), in milliseconds.</summary>
    public const long GraceMs = 32_000;

    /// <summary>Messages of ours that may wait for a slow peer.</summary>
    private const int MaxPendingSends = 64;

    /// <summary>How long a peer may take to accept what we send, in milliseconds.</summary>
    private const long SendTimeoutMs = 10_000;

    private readonly TlsAcceptor? _tls;
    private readonly StreamWorkerPool _workers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Stream _stream;
    private PartialMessage _partial = new();
    private int _lineBreaks;
    private bool _hasUnprocessed;
    private int _pendingSends;
    private long _lastUse;
    private long _keepUntil;
    private long _longestSilence = (long)TimeSpan.FromDays(365).TotalMilliseconds; // no bound, and no overflow either
    private long _messageDeadline = long.MaxValue;
    private long _sendDeadline = long.MaxValue;

    /// <param name="tls">Agrees on TLS first; null for plain TCP, and for a stream that is through with it.</param>
    public StreamConnection(Stream stream, SipFlow flow, StreamWorkerPool workers, TimeProvider time, ILogger logger, TlsAcceptor? tls = null)
    {
        _stream = stream;
        _tls = tls;
        _workers = workers;
        _time = time;
        _logger = logger;
        Flow = flow;
        Touch();
    }

    public SipFlow Flow { get; }

    /// <summary>True once a whole message came; set beforehand for a connection that we opened ourselves.</summary>
    public bool HasBroughtMessage { get; set; }

    /// <summary>True once it was kept for a binding or call; the table's to set.</summary>
    public bool IsKept { get; set; }

    /// <summary>Its place among those that have not brought a message; the table's to set.</summary>
    public LinkedListNode<StreamConnection>? Newcomer { get; set; }

    /// <summary>Keeps the connection open for a binding that lives that long.</summary>
    public void KeepFor(TimeSpan lifetime) => InterlockedMax(ref _keepUntil, NowMs + (long)lifetime.TotalMilliseconds);

    /// <summary>Ends the connection when the peer sends nothing for so long and 64*T1, whatever it is kept open for.</summary>
    public void EndAfterSilence(TimeSpan silence) => Volatile.Write(ref _longestSilence, (long)silence.TotalMilliseconds);

    /// <summary>True when it should be ended: a message that never becomes whole, a peer that takes nothing or is silent, or nothing left to be open for.</summary>
    public bool IsOverdue()
    {
        var now = NowMs;
        var lastUse = Volatile.Read(ref _lastUse);
        var end = Math.Min(Math.Max(lastUse, Volatile.Read(ref _keepUntil)), lastUse + Volatile.Read(ref _longestSilence)) + GraceMs;
        return now > end || now > Volatile.Read(ref _messageDeadline) || now > Volatile.Read(ref _sendDeadline);
    }

    /// <summary>Reads until the peer or we end it.</summary>
    public async Task RunAsync()
    {
        var reason = "the peer closed it";
        try
        {
            if (_tls is not null) _stream = await _tls.AcceptAsync(_stream, _stop.Token);
            await ServeAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            reason = e.Message;
        }

        SipLog.ConnectionEnded(_logger, Flow.ConnectionId, Flow.Source, reason);
    }

    /// <summary>Sends a message of ours. False when too many wait already or the connection is gone.</summary>
    public bool TrySend(ReadOnlySpan<byte> message)
    {
        if (_stop.IsCancellationRequested) return false;
        if (Interlocked.Increment(ref _pendingSends) > MaxPendingSends)
        {
            Interlocked.Decrement(ref _pendingSends);
            return false;
        }

        Touch();
        _ = SendPendingAsync(message.ToArray());
        return true;
    }

    public void Close() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Cancel();
        _stream.Dispose();
    }

    private long NowMs => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>One turn after the other. It waits in this method and no other, so that an idle connection is few objects, and old ones.</summary>
    private async Task ServeAsync()
    {
        for (var goesOn = true; goesOn;)
        {
            if (!_hasUnprocessed)
            {
#pragma warning disable CA2022 // a read of nothing: it waits for octets without holding a buffer for them
                await _stream.ReadAsync(Memory<byte>.Empty, _stop.Token);
#pragma warning restore CA2022
            }

            (var output, goesOn) = await TakeTurnAsync();
            if (output.Count == 0) continue;
            try
            {
                await SendAsync(output);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(output.Array!);
            }
        }
    }

    /// <summary>Reads and processes with a borrowed worker, and gives it back before anything is sent: a peer that does not read holds no worker.</summary>
    private async ValueTask<(ArraySegment<byte> Output, bool GoesOn)> TakeTurnAsync()
    {
        var worker = _workers.Rent();
        try
        {
            var length = _partial.Length;
            if (!_hasUnprocessed)
            {
                var read = await _stream.ReadAsync(worker.Input[length..], _stop.Token);
                if (read == 0) return ([], false);
                if (HasBroughtMessage) Touch();
                var more = worker.Input.Span.Slice(length, read);
                if (!_partial.MayEndWith(more))
                {
                    _partial.Append(more);
                    return ([], true);
                }

                length += read;
            }

            _partial.CopyTo(worker.Input.Span);
            var consumed = worker.Process(length, Flow, ref _lineBreaks, out var broken);
            HasBroughtMessage |= worker.TookMessage;
            if (HasBroughtMessage) Touch(); // pings alone keep nothing open
            _hasUnprocessed = worker.IsFull;
            KeepPartial(worker.Input.Span[consumed..length], worker.Wanted);
            return (CopyOutput(worker.Output.Span), !broken);
        }
        finally
        {
            _workers.Return(worker);
        }
    }

    private static ArraySegment<byte> CopyOutput(ReadOnlySpan<byte> output)
    {
        if (output.IsEmpty) return [];
        var copy = ArrayPool<byte>.Shared.Rent(output.Length);
        output.CopyTo(copy);
        return new ArraySegment<byte>(copy, 0, output.Length);
    }

    private void KeepPartial(ReadOnlySpan<byte> rest, int wanted)
    {
        // The deadline runs from the first octet of a message, so that a trickle does not move it.
        if (rest.IsEmpty) Volatile.Write(ref _messageDeadline, long.MaxValue);
        else if (Volatile.Read(ref _messageDeadline) == long.MaxValue) Volatile.Write(ref _messageDeadline, NowMs + GraceMs);
        _partial.Keep(rest, wanted);
    }

    private async Task SendPendingAsync(byte[] message)
    {
        try
        {
            await SendAsync(message);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Close();
        }
        finally
        {
            Interlocked.Decrement(ref _pendingSends);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        await _sending.WaitAsync(_stop.Token);
        try
        {
            var write = _stream.WriteAsync(octets, _stop.Token);
            if (!write.IsCompleted) Volatile.Write(ref _sendDeadline, NowMs + SendTimeoutMs);
            await write;
        }
        finally
        {
            Volatile.Write(ref _sendDeadline, long.MaxValue);
            _sending.Release();
        }
    }

    private void Touch() => Volatile.Write(ref _lastUse, NowMs);

    private static void InterlockedMax(ref long target, long value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
