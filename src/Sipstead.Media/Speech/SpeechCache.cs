using System.Diagnostics.Metrics;
using Sipstead.Media.Audio;

namespace Sipstead.Media.Speech;

/// <summary>
/// Keeps what was spoken, up to so many octets; what was asked for longest ago makes room. Equal requests at the same time share one synthesis, which
/// ends early only when nobody waits for it any more. Failures are not kept.
/// </summary>
public sealed class SpeechCache : ISpeechEngine
{
    private const int Megabyte = 1 << 20;

    /// <summary>What an entry costs besides its audio and text.</summary>
    private const int EntryOctets = 256;

    private readonly ISpeechEngine _engine;
    private readonly long _maximumOctets;
    private readonly SpeechMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly Dictionary<SpeechRequest, LinkedListNode<Entry>> _entries = [];
    private readonly Dictionary<SpeechRequest, Synthesis> _underWay = [];

    /// <summary>Latest use first.</summary>
    private readonly LinkedList<Entry> _byUse = new();

    private long _octets;

    public SpeechCache(ISpeechEngine engine, SpeechOptions options, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(meters);
        _engine = engine;
        _maximumOctets = (long)options.CacheSize * Megabyte;
        _metrics = new SpeechMetrics(meters);
    }

    /// <summary>Octets that are kept.</summary>
    internal long Octets
    {
        get
        {
            lock (_lock) return _octets;
        }
    }

    public async ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var (kept, synthesis, isNew) = Find(request);
        if (!isNew) _metrics.CacheHit();
        if (synthesis is null) return kept!;
        if (isNew) _ = SynthesiseAsync(request, synthesis);
        try
        {
            return await synthesis.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(request, synthesis);
        }
    }

    private (AudioResult? Kept, Synthesis? Synthesis, bool IsNew) Find(SpeechRequest request)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(request, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return (node.Value.Result, null, false);
            }

            var isNew = !_underWay.TryGetValue(request, out var synthesis);
            if (isNew) synthesis = _underWay[request] = new Synthesis();
            synthesis!.Waiting++;
            return (null, synthesis, isNew);
        }
    }

    private void Leave(SpeechRequest request, Synthesis synthesis)
    {
        lock (_lock)
        {
            if (--synthesis.Waiting > 0) return;
            Forget(request, synthesis);
        }

        synthesis.Dispose();
    }

    private async Task SynthesiseAsync(SpeechRequest request, Synthesis synthesis)
    {
        try
        {
            var result = await _engine.SpeakAsync(request, synthesis.Abandoned).ConfigureAwait(false);
            lock (_lock)
            {
                Forget(request, synthesis);
                if (result.Clip is { } clip) Keep(request, result, OctetsOf(request, clip));
            }

            synthesis.Complete(result);
        }
        catch (Exception e)
        {
            lock (_lock) Forget(request, synthesis);
            synthesis.Fail(e);
        }
    }

    private void Forget(SpeechRequest request, Synthesis synthesis)
    {
        if (_underWay.GetValueOrDefault(request) == synthesis) _underWay.Remove(request);
    }

    private void Keep(SpeechRequest request, AudioResult result, long octets)
    {
        if (octets > _maximumOctets || _entries.ContainsKey(request)) return;
        _entries[request] = _byUse.AddFirst(new Entry(request, result, octets));
        _octets += octets;
        while (_octets > _maximumOctets)
        {
            var oldest = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _entries.Remove(oldest.Request);
            _octets -= oldest.Octets;
        }
    }

    private static long OctetsOf(SpeechRequest request, AudioClip clip) =>
        EntryOctets + (clip.Samples.Length + request.Ssml.Length) * (long)sizeof(short);

    private sealed record Entry(SpeechRequest Request, AudioResult Result, long Octets);

    /// <summary>One run of the engine and who waits for it.</summary>
    private sealed class Synthesis : IDisposable
    {
        private readonly TaskCompletionSource<AudioResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _abandoned = new();

        /// <summary>Guarded by the cache's lock.</summary>
        public int Waiting { get; set; }

        public Task<AudioResult> Result => _result.Task;

        public CancellationToken Abandoned => _abandoned.Token;

        public void Complete(AudioResult result) => _result.TrySetResult(result);

        public void Fail(Exception exception)
        {
            if (exception is OperationCanceledException) _result.TrySetCanceled();
            else _result.TrySetException(exception);
        }

        /// <summary>Nobody waits any more.</summary>
        public void Dispose()
        {
            _abandoned.Cancel();
            _abandoned.Dispose();
        }
    }
}
