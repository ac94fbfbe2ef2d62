using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Testing;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>One call, one thing at a time.</summary>
public sealed class CallMailboxTests : IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly CallMailbox _mailbox;

    public CallMailboxTests() => _mailbox = new CallMailbox(new VoiceMetrics(_meters), NullLogger.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Post_FromManyThreads_RunsOneAtATimeAndAll()
    {
        var running = 0;
        var overlaps = 0;
        var done = 0;
        var ended = new TaskCompletionSource();

        Parallel.For(0, 2_000, _ => _mailbox.Post(() =>
        {
            if (Interlocked.Increment(ref running) != 1) overlaps++;
            Interlocked.Decrement(ref running);
            if (++done == 2_000) ended.SetResult();
        }));
        await ended.Task.WaitAsync(Poll.DefaultDeadline, Cancel);

        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task Await_InsideTheMailbox_ComesBackToIt()
    {
        var context = new TaskCompletionSource<SynchronizationContext?>();
        _mailbox.Post(() => _ = RunAsync());

        Assert.Same(_mailbox, await context.Task.WaitAsync(Poll.DefaultDeadline, Cancel));

        async Task RunAsync()
        {
            await Task.Run(() => { }, Cancel);
            context.SetResult(SynchronizationContext.Current);
        }
    }

    [Fact]
    public async Task Post_MessageThatThrows_IsFollowedByTheNext()
    {
        var next = new TaskCompletionSource();
        _mailbox.Post(() => throw new InvalidOperationException("first"));
        _mailbox.Post(next.SetResult);

        await next.Task.WaitAsync(Poll.DefaultDeadline, Cancel);
    }

    [Fact]
    public async Task TryPost_OverTheCap_IsRefusedAndCounted()
    {
        using var gate = new ManualResetEventSlim();
        var last = new TaskCompletionSource();
        _mailbox.Post(() => gate.Wait(Cancel));
        var taken = 0;
        while (_mailbox.TryPost(() => { })) Assert.True(++taken < 10_000);

        Assert.Equal(1, _meters.Total("sipstead.voice.messages.dropped"));
        _mailbox.Post(last.SetResult); // what must happen is never refused
        gate.Set();
        await last.Task.WaitAsync(Poll.DefaultDeadline, Cancel);
        Assert.InRange(taken, 200, 300);
    }
}
