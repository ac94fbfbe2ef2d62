namespace Sipstead.Server.Demo;

/// <summary>The messages of the demo's phones: ids of recordings, kept until the server stops. The recordings themselves stay.</summary>
internal sealed class DemoMailboxes
{
    /// <summary>Messages of a phone; the oldest goes where there are more.</summary>
    private const int Capacity = 10;

    private readonly Dictionary<string, Queue<string>> _messages;
    private readonly Lock _lock = new();

    public DemoMailboxes(IEnumerable<string> users) => _messages = users.ToDictionary(user => user, _ => new Queue<string>());

    /// <summary>Keeps a message for a phone of the demo; for anybody else, it does nothing.</summary>
    public void Add(string user, string recordingId)
    {
        lock (_lock)
        {
            if (recordingId.Length == 0 || !_messages.TryGetValue(user, out var box)) return;
            if (box.Count == Capacity) box.Dequeue();
            box.Enqueue(recordingId);
        }
    }

    /// <summary>The messages of a phone, the oldest first.</summary>
    public IReadOnlyList<string> Of(string user)
    {
        lock (_lock) return _messages.TryGetValue(user, out var box) ? [.. box] : [];
    }

    public bool Has(string recordingId)
    {
        lock (_lock) return _messages.Values.Any(box => box.Contains(recordingId));
    }
}
