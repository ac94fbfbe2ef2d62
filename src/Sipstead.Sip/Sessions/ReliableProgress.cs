using System.Security.Cryptography;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Uas;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// The provisional responses to an INVITE that are sent reliably (RFC 3262 3): one at a time, repeated until its PRACK comes. Runs on the serial queue of
/// its session.
/// </summary>
internal sealed class ReliableProgress
{
    /// <summary>Responses that wait behind one that is not acknowledged; further ones tell too little to be kept.</summary>
    private const int Capacity = 8;

    private readonly Func<int, uint, byte[], byte[]> _write;
    private readonly Action<int, byte[]> _send;
    private readonly SipTimer _repeat, _giveUp;
    private readonly Queue<(int Status, byte[] Sdp)> _waiting = [];
    private uint _sequence;
    private Current? _current;
    private int _interval;

    /// <param name="write">Writes a response with status, RSeq and SDP.</param>
    /// <param name="send">Sends what was written.</param>
    /// <param name="unacknowledged">No PRACK came within 64*T1.</param>
    public ReliableProgress(
        TransactionLayer transactions, SerialQueue serial, Func<int, uint, byte[], byte[]> write, Action<int, byte[]> send, Action unacknowledged)
    {
        _write = write;
        _send = send;
        _sequence = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue - 1_000_000); // leaves room to count up (RFC 3262 3)
        _repeat = transactions.CreateTimer(serial, Repeat);
        _giveUp = transactions.CreateTimer(serial, unacknowledged);
    }

    /// <summary>The response that is not acknowledged yet.</summary>
    private sealed record Current(int Status, uint Sequence, bool HasDescription, byte[] Octets);

    /// <summary>True once one of the responses carried SDP: the 2xx needs none any more (RFC 3262 5).</summary>
    public bool HasDescribed { get; private set; }

    /// <summary>True while SDP in one of them waits for its PRACK, which the 2xx must wait for too.</summary>
    public bool IsDescriptionOpen => _current is { HasDescription: true } || _waiting.Any(waiting => waiting.Sdp.Length > 0);

    /// <summary>Whether a response goes reliably: where the caller requires it, and for SDP where it can.</summary>
    public static bool IsDue(SipMessage invite, bool hasDescription) => OptionTags.Has(invite, HeaderId.Require, OptionTags.Reliable)
        || (hasDescription && OptionTags.Has(invite, HeaderId.Supported, OptionTags.Reliable));

    /// <summary>Sends a response, now or when those before it are acknowledged.</summary>
    public void Send(int status, byte[] sdp)
    {
        if (_waiting.Count >= Capacity) return;
        HasDescribed |= sdp.Length > 0;
        _waiting.Enqueue((status, sdp));
        SendNext();
    }

    /// <summary>Takes the RAck of a PRACK. False when it names no response that waits for one (RFC 3262 3); on success tells whether that had SDP.</summary>
    public bool TryAcknowledge(ReadOnlySpan<byte> rack, uint invite, out bool hadDescription)
    {
        hadDescription = false;
        if (_current is not { } current || !Matches(rack, current.Sequence, invite)) return false;
        hadDescription = current.HasDescription;
        _current = null;
        StopTimers();
        return true;
    }

    /// <summary>Sends what waits, once the PRACK of the one before was handled.</summary>
    public void SendNext()
    {
        if (_current is not null || !_waiting.TryDequeue(out var next)) return;
        _sequence++;
        _current = new Current(next.Status, _sequence, next.Sdp.Length > 0, _write(next.Status, _sequence, next.Sdp));
        _interval = TimerValues.T1;
        _repeat.Arm(_interval);
        _giveUp.Arm(TimerValues.Timeout);
        _send(next.Status, _current.Octets);
    }

    /// <summary>Repeats and sends no more: there is a final response. A PRACK that is under way is still known.</summary>
    public void Stop()
    {
        _waiting.Clear();
        StopTimers();
    }

    private static bool Matches(ReadOnlySpan<byte> rack, uint sequence, uint invite)
    {
        var end = rack.IndexOfAny(" \t"u8);
        return end > 0 && SipNumber.TryParse(rack[..end], uint.MaxValue, out var rseq) && rseq == sequence
            && CSeqValue.TryParse(SipChars.Trim(rack[end..]), out var cseq, out var method) && cseq == invite && method.SequenceEqual("INVITE"u8);
    }

    /// <summary>Doubles without the bound of T2 (RFC 3262 3).</summary>
    private void Repeat()
    {
        if (_current is not { } current) return;
        _interval *= 2;
        if (_interval < TimerValues.Timeout) _repeat.Arm(_interval);
        _send(current.Status, current.Octets);
    }

    private void StopTimers()
    {
        _repeat.Stop();
        _giveUp.Stop();
    }
}
