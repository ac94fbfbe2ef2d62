using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Sip.Transactions;
using Xunit;

namespace Sipstead.Sip.Tests.Transactions;

public sealed class SerialQueueTests
{
    private readonly SerialQueue _queue = new(NullLogger.Instance);
    private readonly List<int> _ran = [];

    [Fact]
    public void Post_WhenIdle_HasRunOnReturn()
    {
        _queue.Post(() => _ran.Add(1));
        Assert.Equal([1], _ran);
    }

    [Fact]
    public void Post_FromAStep_RunsBehindIt()
    {
        _queue.Post(() =>
        {
            _queue.Post(() => _ran.Add(2));
            _ran.Add(1);
        });
        Assert.Equal([1, 2], _ran);
    }

    [Fact]
    public void FailingStep_DoesNotEndTheQueue()
    {
        _queue.Post(() => throw new InvalidOperationException("a user's fault"));
        _queue.Post(() => _ran.Add(1));
        Assert.Equal([1], _ran);
    }

    [Fact]
    public void TryPost_IsBounded_OurOwnStepsAreNot()
    {
        var taken = 0;
        _queue.Post(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (_queue.TryPost(() => _ran.Add(1))) taken++;
            }

            _queue.Post(() => _ran.Add(2));
        });
        Assert.Equal(SerialQueue.NetworkCapacity, taken);
        Assert.Equal(SerialQueue.NetworkCapacity + 1, _ran.Count);
    }

    [Fact]
    public async Task Steps_OfManyThreads_RunOneAtATime_InTheOrderOfEach()
    {
        const int threads = 8;
        const int steps = 5000;
        var last = new int[threads];
        var running = 0;
        var wrong = 0;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(
            () =>
            {
                for (var i = 1; i <= steps; i++)
                {
                    var number = i;
                    _queue.Post(() =>
                    {
                        if (Interlocked.Increment(ref running) != 1 || last[thread] != number - 1) wrong++;
                        last[thread] = number;
                        Interlocked.Decrement(ref running);
                    });
                }
            },
            TestContext.Current.CancellationToken)));
        _queue.Post(() => _ran.AddRange(last));
        Assert.Equal(0, wrong);
        Assert.All(_ran, count => Assert.Equal(steps, count));
    }
}
