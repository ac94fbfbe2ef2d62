using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Trace;

/// <summary>
/// The SIP messages of devices and calls (ruling 37): one bounded ring for the server, oldest out first, indexed by device, by realm for unknown users, and by
/// call. Secrets are masked before a message is kept. Thread-safe.
/// </summary>
/// <remarks>
/// So that no single device, realm's unknown users or call pushes the others out, each may take a sixteenth of the ring a minute; what goes beyond is left
/// out and counted. One alone then takes a quarter of an hour to fill the ring.
/// </remarks>
public sealed class SipTrace
{
    /// <summary>Octets of the ring unless told otherwise.</summary>
    public const int DefaultCapacity = 64 * 1024 * 1024;

    /// <summary>Octets that are kept of one message at most.</summary>
    public const int MaxMessage = 16 * 1024;

    /// <summary>Messages that one look returns at most: the newest.</summary>
    public const int MaxMessagesAtOnce = 2_000;

    /// <summary>Parts of the ring, of which a chain may take one in each period.</summary>
    private const int Shares = 16;

    private const int MessagesPerHold = 64;

    private static readonly int EntrySize = Unsafe.SizeOf<TraceEntry>();
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly SipMetrics _metrics;
    private readonly Lock _gate = new();
    private readonly Dictionary<TraceChainKey, TraceChain> _chains = [];
    private readonly TraceRing _ring;
    private readonly long _period;
    private long _lastCallNumber;
    private long _lastNumber;

    /// <param name="capacity">Octets of the ring, at least 512 kB; they are allocated as they are needed.</param>
    public SipTrace(TimeProvider time, SipMetrics metrics, int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _metrics = metrics;
        _ring = new TraceRing(capacity);
        _period = (long)(Period.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Chains that the index knows.</summary>
    internal int ChainCount
    {
        get
        {
            lock (_gate) return _chains.Count;
        }
    }

    /// <summary>A number for a call to come.</summary>
    public long NextCallNumber() => Interlocked.Increment(ref _lastCallNumber);

    /// <summary>Keeps a message. Never throws and never waits long; what is too large is cut.</summary>
    public void Record(in TraceSubject subject, TraceDirection direction, in SipFlow flow, ReadOnlySpan<byte> message)
    {
        var (device, call) = (TraceChainKey.OfDevice(subject), TraceChainKey.OfCall(subject));
        if (device == default && call == default) return;
        var kept = message[..Math.Min(message.Length, MaxMessage)];
        var size = EntrySize + kept.Length;
        var now = _time.GetTimestamp();
        bool fits;
        lock (_gate)
        {
            fits = HasRoom(device, size, now) && HasRoom(call, size, now);
            if (fits)
            {
                var place = Take(size, out var position);
                var entry = new TraceEntry(
                    ++_lastNumber, _time.GetUtcNow(), direction, flow, subject, kept.Length, message.Length - kept.Length,
                    Extend(device, position, size, now), Extend(call, position, size, now));
                MemoryMarshal.Write(place, entry);
                kept.CopyTo(place[EntrySize..]);
                SecretMask.Apply(place[EntrySize..]);
            }
        }

        if (fits) _metrics.TraceRecorded(size);
        else _metrics.TraceSkipped();
    }

    /// <summary>The messages of a device, oldest first: its registrations and its calls.</summary>
    /// <param name="afterNumber">Only messages with a higher number are wanted.</param>
    public IReadOnlyList<TracedMessage> OfCredential(long credentialId, long afterNumber = 0) => Read(new(TraceChainKind.Credential, credentialId), afterNumber);

    /// <summary>The messages of a realm's unknown users, oldest first.</summary>
    /// <param name="afterNumber">Only messages with a higher number are wanted.</param>
    public IReadOnlyList<TracedMessage> OfUnknownUsers(long realmId, long afterNumber = 0) =>
        Read(new(TraceChainKind.UnknownUsersOfRealm, realmId), afterNumber);

    /// <summary>The messages of all legs of a call, oldest first.</summary>
    /// <param name="afterNumber">Only messages with a higher number are wanted.</param>
    public IReadOnlyList<TracedMessage> OfCall(long callNumber, long afterNumber = 0) => Read(new(TraceChainKind.Call, callNumber), afterNumber);

    private bool HasRoom(TraceChainKey key, int size, long now)
    {
        ref var chain = ref CollectionsMarshal.GetValueRefOrNullRef(_chains, key);
        return Unsafe.IsNullRef(ref chain) || chain.HasRoom(size, (int)(_ring.Capacity / Shares), now, _period);
    }

    /// <summary>Makes the message at a position the newest of a chain. Returns the position of the one before, below the ring's tail when there is none.</summary>
    private long Extend(TraceChainKey key, long position, int size, long now)
    {
        if (key == default) return -1;
        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(_chains, key, out var exists);
        var previous = exists ? chain.Newest : -1;
        if (!exists) chain = TraceChain.Begin(now);
        chain.Newest = position;
        chain.Take(size);
        return previous;
    }

    private Span<byte> Take(int size, out long position)
    {
        while (_ring.MustDropFor(size)) DropOldest();
        return _ring.Append(size, out position);
    }

    /// <summary>Drops the oldest segment, and the chains of which nothing is left with it.</summary>
    private void DropOldest()
    {
        var (at, end) = (_ring.Tail, _ring.Tail + _ring.OldestUsed);
        _metrics.TraceEvicted(_ring.OldestUsed);
        while (at < end)
        {
            var entry = EntryAt(at);
            Forget(TraceChainKey.OfDevice(entry.Subject), at);
            Forget(TraceChainKey.OfCall(entry.Subject), at);
            at += EntrySize + entry.Length;
        }

        _ring.DropOldest();
    }

    private void Forget(TraceChainKey key, long position)
    {
        if (_chains.TryGetValue(key, out var chain) && chain.Newest == position) _chains.Remove(key);
    }

    private TraceEntry EntryAt(long position) => MemoryMarshal.Read<TraceEntry>(_ring.At(position, EntrySize));

    /// <summary>Walks a chain from its newest message back, and holds the lock for some messages at a time only, for which those that record may wait.</summary>
    private List<TracedMessage> Read(TraceChainKey key, long afterNumber)
    {
        var messages = new List<TracedMessage>();
        var at = NewestOf(key);
        while (at >= 0 && messages.Count < MaxMessagesAtOnce) at = ReadSome(key.Kind, at, afterNumber, messages);
        messages.Reverse();
        return messages;
    }

    private long NewestOf(TraceChainKey key)
    {
        lock (_gate) return _chains.TryGetValue(key, out var chain) ? chain.Newest : -1;
    }

    /// <summary>Returns where to go on, -1 at the end.</summary>
    private long ReadSome(TraceChainKind kind, long at, long afterNumber, List<TracedMessage> messages)
    {
        lock (_gate)
        {
            for (var i = 0; i < MessagesPerHold; i++)
            {
                if (at < _ring.Tail || messages.Count == MaxMessagesAtOnce) return -1;
                var entry = EntryAt(at);
                if (entry.Number <= afterNumber) return -1;
                messages.Add(entry.ToMessage(_ring.At(at + EntrySize, entry.Length)));
                at = kind == TraceChainKind.Call ? entry.PreviousOfCall : entry.PreviousOfDevice;
            }

            return at;
        }
    }
}
