using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Testing.Sip;

namespace Sipstead.Media.Tests.Speech;

/// <summary>What is kept, what is shared, and that callers do not hurt each other.</summary>
public sealed class SpeechCacheTests : IDisposable
{
    private readonly CountingMeters _meters = new();
    private readonly ScriptedEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_is_spoken_once()
    {
        var cache = Cache();
        _engine.Answer(100);
        var first = await AskAsync(cache, "a");
        Assert.Same(first.Clip, (await AskAsync(cache, "a")).Clip);
        Assert.Equal(1, _engine.Calls);
        Assert.Equal(1, _meters["sipstead.media.speech.cache.hits"]);
    }

    [Fact]
    public async Task Another_voice_is_another_sentence()
    {
        var cache = Cache();
        _engine.Answer(100);
        await AskAsync(cache, "a");
        await cache.SpeakAsync(new SpeechRequest("a", null, null, "paul"), Token);
        Assert.Equal(2, _engine.Calls);
    }

    [Fact]
    public async Task Equal_requests_at_once_share_one_synthesis()
    {
        var cache = Cache();
        var asking = Enumerable.Range(0, 20).Select(_ => AskAsync(cache, "a")).ToList();
        Assert.Equal(1, _engine.Calls);
        _engine.Answer(100);
        var results = await Task.WhenAll(asking);
        Assert.Single(results.Select(r => r.Clip).Distinct());
    }

    [Fact]
    public async Task Failures_are_not_kept()
    {
        var cache = Cache();
        _engine.Fail("No voice today.");
        Assert.Equal("No voice today.", (await AskAsync(cache, "a")).Error);
        _engine.Answer(100);
        Assert.NotNull((await AskAsync(cache, "a")).Clip);
        Assert.Equal(2, _engine.Calls);
    }

    [Fact]
    public async Task Who_cancels_does_not_fail_the_others()
    {
        var cache = Cache();
        using var cancelling = new CancellationTokenSource();
        var first = cache.SpeakAsync(new SpeechRequest("a", null, null, null), cancelling.Token).AsTask();
        var second = AskAsync(cache, "a");
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(_engine.IsCancelled);
        _engine.Answer(100);
        Assert.NotNull((await second).Clip);
    }

    [Fact]
    public async Task When_all_cancel_the_synthesis_ends_and_the_next_one_is_fresh()
    {
        var cache = Cache();
        using var cancelling = new CancellationTokenSource();
        var request = new SpeechRequest("a", null, null, null);
        Task[] asking = [cache.SpeakAsync(request, cancelling.Token).AsTask(), cache.SpeakAsync(request, cancelling.Token).AsTask()];
        await cancelling.CancelAsync();
        foreach (var asked in asking) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.True(_engine.IsCancelled);
        _engine.Answer(100);
        Assert.NotNull((await AskAsync(cache, "a")).Clip);
        Assert.Equal(2, _engine.Calls);
    }

    [Fact]
    public async Task Who_was_cancelled_before_asks_for_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Cache().SpeakAsync(new SpeechRequest("a", null, null, null), new CancellationToken(canceled: true)).AsTask());
        Assert.Equal(0, _engine.Calls);
    }

    [Fact]
    public async Task What_was_asked_for_longest_ago_makes_room()
    {
        var cache = Cache();
        _engine.Answer(200_000);
        await AskAsync(cache, "a");
        await AskAsync(cache, "b");
        await AskAsync(cache, "a");
        await AskAsync(cache, "c");
        Assert.InRange(cache.Octets, 800_000, 1 << 20);
        Assert.Equal(3, _engine.Calls);
        await AskAsync(cache, "a");
        Assert.Equal(3, _engine.Calls);
        await AskAsync(cache, "b");
        Assert.Equal(4, _engine.Calls);
    }

    [Fact]
    public async Task What_is_larger_than_the_cache_is_spoken_and_not_kept()
    {
        var cache = Cache();
        _engine.Answer(1_000);
        await AskAsync(cache, "a");
        _engine.Answer(600_000);
        Assert.NotNull((await AskAsync(cache, "long")).Clip);
        _engine.Answer(1_000);
        await AskAsync(cache, "a");
        Assert.Equal(2, _engine.Calls);
        await AskAsync(cache, "long");
        Assert.Equal(3, _engine.Calls);
    }

    [Fact]
    public async Task The_bound_holds_with_many_callers()
    {
        var cache = Cache();
        _engine.Answer(50_000);
        await Parallel.ForAsync(0, 500, Token, async (i, _) => await AskAsync(cache, $"{i % 37}"));
        Assert.InRange(cache.Octets, 1, 1 << 20);
    }

    public void Dispose() => _meters.Dispose();

    private SpeechCache Cache() => new(_engine, new SpeechOptions { CacheSize = 1 }, _meters);

    private static async Task<AudioResult> AskAsync(SpeechCache cache, string text) =>
        await cache.SpeakAsync(new SpeechRequest(text, null, null, null), Token);

    /// <summary>Answers every request alike, once it was told what.</summary>
    private sealed class ScriptedEngine : ISpeechEngine
    {
        private TaskCompletionSource<AudioResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;
        private CancellationToken _token;

        public int Calls => Volatile.Read(ref _calls);

        public bool IsCancelled => _token.IsCancellationRequested;

        public void Answer(int samples) => Set(new AudioResult(new AudioClip(new short[samples]), null));

        public void Fail(string error) => Set(new AudioResult(null, error));

        public async ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            _token = cancellationToken;
            return await _answer.Task.WaitAsync(cancellationToken);
        }

        private void Set(AudioResult result)
        {
            if (_answer.TrySetResult(result)) return;
            _answer = new TaskCompletionSource<AudioResult>();
            _answer.SetResult(result);
        }
    }
}
