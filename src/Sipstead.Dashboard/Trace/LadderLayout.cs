using System.Collections.Frozen;
using Sipstead.Sip.Trace;

namespace Sipstead.Dashboard.Trace;

/// <summary>
/// Traced messages as a ladder: this server and its peers side by side, the messages between them from top to bottom. The peer that comes first stands left
/// of the server, as a caller does, all others right of it.
/// </summary>
internal sealed class LadderLayout
{
    /// <summary>Peers with a column of their own at most. When there are more, those who spoke last have one, and one column is for all others.</summary>
    public const int MaxPeers = 6;

    private LadderLayout(IReadOnlyList<LadderColumn> columns, IReadOnlyList<LadderRow> rows) => (Columns, Rows) = (columns, rows);

    /// <summary>From left to right.</summary>
    public IReadOnlyList<LadderColumn> Columns { get; }

    /// <summary>From the oldest to the newest.</summary>
    public IReadOnlyList<LadderRow> Rows { get; }

    /// <summary>Lays out messages, which are in the order of their numbers.</summary>
    public static LadderLayout Of(IReadOnlyList<TracedMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0) return new LadderLayout([], []);
        var (columns, places) = Arrange(messages);
        var rows = new List<LadderRow>(messages.Count);
        var before = new HashSet<Sending>(messages.Count);
        DateTimeOffset? last = null;
        foreach (var message in messages)
        {
            var peer = places.GetValueOrDefault(PeerOf(message), columns.Count - 1);
            var (from, to) = message.Direction == TraceDirection.Received ? (peer, ServerColumn) : (ServerColumn, peer);
            rows.Add(new LadderRow(message, TraceLine.Of(message), from, to, message.At - last, IsRetransmission: !before.Add(new Sending(message))));
            last = message.At;
        }

        return new LadderLayout(columns, rows);
    }

    private const int ServerColumn = 1;

    /// <summary>Columns, and the index of each peer that has one of its own.</summary>
    private static (List<LadderColumn> Columns, FrozenDictionary<LadderPeer, int> Places) Arrange(IReadOnlyList<TracedMessage> messages)
    {
        var peers = messages.Select(PeerOf).Distinct().ToList();
        var shown = peers;
        if (peers.Count > MaxPeers)
        {
            var latest = messages.Reverse().Select(PeerOf).Distinct().Take(MaxPeers - 1).ToHashSet();
            shown = peers.FindAll(latest.Contains);
        }

        var columns = shown.ConvertAll(LadderColumn.OfPeer);
        if (shown.Count < peers.Count) columns.Add(LadderColumn.OfOthers(peers.Count - shown.Count));
        columns.Insert(ServerColumn, LadderColumn.OfServer(messages.Select(message => message.Local).ToHashSet()));
        return (columns, shown.Select((peer, place) => (peer, place)).ToFrozenDictionary(x => x.peer, x => x.place < ServerColumn ? x.place : x.place + 1));
    }

    private static LadderPeer PeerOf(TracedMessage message) => new(message.Peer, message.Transport);

    /// <summary>The octets of a message and the way that they took: what a retransmission repeats.</summary>
    private readonly struct Sending(TracedMessage message) : IEquatable<Sending>
    {
        private readonly TracedMessage _message = message;

        public bool Equals(Sending other) =>
            _message.Direction == other._message.Direction && PeerOf(_message) == PeerOf(other._message)
            && _message.Octets.Span.SequenceEqual(other._message.Octets.Span);

        public override bool Equals(object? obj) => obj is Sending other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_message.Peer);
            hash.AddBytes(_message.Octets.Span);
            return hash.ToHashCode();
        }
    }
}
