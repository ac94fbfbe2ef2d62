namespace Sipstead.Voice.Bxml.Runs;

/// <summary>
/// The last documents of each call, in memory, with what ran of them. Bounded for each call and in all; when it is full, the calls that got none for
/// longest go first.
/// </summary>
internal sealed class DocumentLog(VoiceMetrics metrics, long maxOctets = DocumentLog.MaxOctets)
{
    /// <summary>Of all calls: 32 MB.</summary>
    internal const long MaxOctets = 32 * 1024 * 1024;

    /// <summary>Documents kept of one call.</summary>
    internal const int MaxPerCall = 50;

    /// <summary>Octets of text kept of one call; one document always is.</summary>
    internal const int MaxTextPerCall = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<CallDocuments>> _calls = [];
    private readonly LinkedList<CallDocuments> _silentFirst = new();
    private long _octets;

    /// <summary>The documents of a call, oldest first; empty when there are none (any more).</summary>
    public IReadOnlyList<BxmlRun> Find(string callId)
    {
        LoggedDocument[] documents;
        lock (_lock) documents = _calls.TryGetValue(callId, out var call) ? [.. call.Value.Documents] : [];
        return [.. documents.Select(document => document.Look())];
    }

    /// <summary>Adds a document that was read for a call. A valid one notes what runs of it.</summary>
    public BxmlResult Add(string callId, BxmlSource source, DateTimeOffset at, ReadOnlyMemory<byte> octets, BxmlResult read)
    {
        var logged = new LoggedDocument(source, at, octets, read);
        lock (_lock)
        {
            var before = _octets;
            var call = Touch(callId);
            call.Documents.Enqueue(logged);
            _octets += logged.Octets;
            DropBeyondCall(call);
            DropBeyondTotal();
            metrics.DocumentsGrew(_octets - before);
        }

        return read.Document is { } document ? read with { Document = document with { Log = logged } } : read;
    }

    /// <summary>Adds a valid document. What comes back notes what runs of it.</summary>
    public BxmlDocument Add(string callId, BxmlSource source, DateTimeOffset at, GivenBxml given) =>
        Add(callId, source, at, given.Octets, new BxmlResult(given.Document, null)).Document!;

    private CallDocuments Touch(string callId)
    {
        if (_calls.TryGetValue(callId, out var node)) _silentFirst.Remove(node);
        else _calls.Add(callId, node = new LinkedListNode<CallDocuments>(new CallDocuments(callId, new Queue<LoggedDocument>())));
        _silentFirst.AddLast(node);
        return node.Value;
    }

    private void DropBeyondCall(CallDocuments call)
    {
        while (call.Documents.Count > MaxPerCall || (call.Documents.Count > 1 && call.Documents.Sum(document => document.TextOctets) > MaxTextPerCall))
        {
            _octets -= call.Documents.Dequeue().Octets;
            metrics.DocumentsDropped("call", 1);
        }
    }

    private void DropBeyondTotal()
    {
        while (_octets > maxOctets && _silentFirst.First is { Value: var call })
        {
            _silentFirst.RemoveFirst();
            _calls.Remove(call.CallId);
            _octets -= call.Documents.Sum(document => document.Octets);
            metrics.DocumentsDropped("octets", call.Documents.Count);
        }
    }

    private sealed record CallDocuments(string CallId, Queue<LoggedDocument> Documents);
}
