namespace Sipstead.Voice.Transcribing;

/// <summary>The transcript of a live transcription that had no destination.</summary>
internal sealed record CallTranscript(string AccountId, string CallId, string Id, string Name, IReadOnlyList<TrackTranscript> Tracks)
{
    private const int OctetsBesideText = 512;

    /// <summary>Octets that it takes in memory, nearly.</summary>
    public long Octets => OctetsBesideText + 2L * (Name.Length + Tracks.Sum(track => track.Text.Length));
}

/// <summary>
/// The transcripts of calls, in memory, as long as the call itself is known. Bounded for each call and in all; when it is full, the oldest of the account that
/// has the most go. Thread-safe.
/// </summary>
internal sealed class TranscriptLog(TranscriptionMetrics metrics, long maxOctets = TranscriptLog.MaxOctets)
{
    /// <summary>Of all calls: 32 MB.</summary>
    internal const long MaxOctets = 32 * 1024 * 1024;

    /// <summary>Transcripts kept of one call.</summary>
    internal const int MaxPerCall = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<CallTranscript>> _calls = [];
    private readonly Dictionary<string, AccountTranscripts> _accounts = [];
    private long _octets;

    /// <summary>The transcripts of a call, oldest first; empty when there are none (any more).</summary>
    public IReadOnlyList<CallTranscript> Find(string callId)
    {
        lock (_lock) return _calls.TryGetValue(callId, out var transcripts) ? [.. transcripts] : [];
    }

    public void Add(CallTranscript transcript)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(transcript.CallId, out var ofCall)) _calls.Add(transcript.CallId, ofCall = []);
            if (!_accounts.TryGetValue(transcript.AccountId, out var ofAccount)) _accounts.Add(transcript.AccountId, ofAccount = new AccountTranscripts());
            ofCall.Add(transcript);
            ofAccount.OldestFirst.AddLast(transcript);
            Count(ofAccount, transcript.Octets);
            if (ofCall.Count > MaxPerCall) Drop(ofCall[0], "call");
            while (_octets > maxOctets) Drop(_accounts.Values.MaxBy(account => account.Octets)!.OldestFirst.First!.Value, "octets");
        }
    }

    /// <summary>Deletes a transcript of a call. False when there is none.</summary>
    public bool Delete(string callId, string id)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(callId, out var transcripts) || transcripts.Find(one => one.Id == id) is not { } transcript) return false;
            Remove(transcript);
            return true;
        }
    }

    /// <summary>Deletes all of a call.</summary>
    public void Forget(string callId)
    {
        lock (_lock)
        {
            if (!_calls.TryGetValue(callId, out var transcripts)) return;
            foreach (var transcript in transcripts.ToArray()) Remove(transcript);
        }
    }

    private void Drop(CallTranscript transcript, string bound)
    {
        Remove(transcript);
        metrics.TranscriptDropped(bound);
    }

    private void Remove(CallTranscript transcript)
    {
        var (ofCall, ofAccount) = (_calls[transcript.CallId], _accounts[transcript.AccountId]);
        ofCall.Remove(transcript);
        ofAccount.OldestFirst.Remove(transcript);
        Count(ofAccount, -transcript.Octets);
        if (ofCall.Count == 0) _calls.Remove(transcript.CallId);
        if (ofAccount.OldestFirst.Count == 0) _accounts.Remove(transcript.AccountId);
    }

    private void Count(AccountTranscripts account, long octets)
    {
        account.Octets += octets;
        _octets += octets;
        metrics.TranscriptsGrew(octets);
    }

    private sealed class AccountTranscripts
    {
        public LinkedList<CallTranscript> OldestFirst { get; } = new();

        public long Octets { get; set; }
    }
}
