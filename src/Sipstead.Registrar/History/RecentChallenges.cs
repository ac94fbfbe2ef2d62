using System.IO.Hashing;
using System.Security.Cryptography;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.History;

/// <summary>
/// The last requests without credentials, and their challenges. What they lead to is known with the next request alone: when that one is traced, they are too,
/// and a refresh leaves no trace of its challenge. The same for every user, known or not. Of a fixed size: a flood pushes them out. Thread-safe.
/// </summary>
internal sealed class RecentChallenges(SipTrace trace)
{
    private const int Slots = 256;

    /// <summary>Octets of a request and its challenge together; longer ones are not kept.</summary>
    private const int MaxOctets = 4096;

    /// <summary>Unknown to peers, so that none can aim at the place of another's challenge.</summary>
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private readonly Lock _lock = new();
    private readonly Slot?[] _slots = new Slot?[Slots];

    public void Keep(SipMessage request, uint sequence, in SipFlow flow, in SipResponder responder)
    {
        var asked = request.Octets;
        var answered = responder.Written;
        if (asked.Length + answered.Length > MaxOctets) return;
        var key = KeyOf(request.Value(HeaderId.CallId), sequence);
        lock (_lock)
        {
            var slot = _slots[key % Slots] ??= new Slot();
            asked.CopyTo(slot.Octets);
            answered.CopyTo(slot.Octets.AsSpan(asked.Length));
            (slot.Key, slot.Flow, slot.RequestLength, slot.Length) = (key, flow, asked.Length, asked.Length + answered.Length);
        }
    }

    /// <summary>Traces the challenge that a request answers, once: that of the same Call-ID and the CSeq before (RFC 3261 22.2).</summary>
    public void TraceBefore(in SipRequest request, in TraceSubject subject)
    {
        var key = KeyOf(request.CallId, request.CSeq - 1);
        lock (_lock)
        {
            if (_slots[key % Slots] is not { Length: > 0 } slot || slot.Key != key) return;
            trace.Record(subject, TraceDirection.Received, slot.Flow, slot.Octets.AsSpan(0, slot.RequestLength));
            trace.Record(subject, TraceDirection.Sent, slot.Flow, slot.Octets.AsSpan(slot.RequestLength, slot.Length - slot.RequestLength));
            slot.Length = 0;
        }
    }

    private ulong KeyOf(ReadOnlySpan<byte> callId, uint sequence) => XxHash3.HashToUInt64(callId, _seed ^ sequence);

    private sealed class Slot
    {
        public byte[] Octets { get; } = new byte[MaxOctets];

        public ulong Key { get; set; }

        public SipFlow Flow { get; set; }

        public int RequestLength { get; set; }

        /// <summary>Octets of both; 0 when they have been traced.</summary>
        public int Length { get; set; }
    }
}
