using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Transactions;
using Xunit;

namespace Sipstead.Sip.Tests.Transactions;

public sealed class TimerWheelTests : IDisposable
{
    private static readonly int[] Times = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 5000];

    private readonly FakeTimeProvider _time = new();
    private readonly TimerWheel _wheel;
    private readonly SerialQueue _queue = new(NullLogger.Instance);

    public TimerWheelTests() => _wheel = new TimerWheel(_time);

    public void Dispose() => _wheel.Dispose();

    [Fact]
    public void Timers_FireAtTheirTimes_InOrder()
    {
        var fired = new List<int>();
        foreach (var time in Times) new SipTimer(_wheel, _queue, () => fired.Add(time)).Arm(time);
        for (var ms = 0; ms < 40_000; ms += 100)
        {
            Assert.Equal(Times.Where(time => time <= ms).Order(), fired);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    [Fact]
    public void OneAdvanceOverAll_FiresAllInOrder()
    {
        var fired = new List<int>();
        foreach (var time in Times) new SipTimer(_wheel, _queue, () => fired.Add(time)).Arm(time);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(Times.Order(), fired);
    }

    [Fact]
    public void StoppedOrArmedAnew_WhileItsFiringWaits_DoesNotFireForTheTimeBefore()
    {
        var fired = 0;
        var timer = new SipTimer(_wheel, _queue, () => fired++);
        timer.Arm(500);
        _queue.Post(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500)); // its firing now waits behind this step
            timer.Arm(1000);
        });
        Assert.Equal(0, fired);
        _time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal(1, fired);
    }

    /// <summary>Whatever is armed, stopped and armed anew, each timer fires when a plain list of due times says so.</summary>
    [Fact]
    public void Wheel_DoesWhatAPlainListDoes() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[-1, Times.Length - 1], Gen.Int[0, 30]).Array[1, 60].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            using var wheel = new TimerWheel(time);
            var queue = new SerialQueue(NullLogger.Instance);
            var fired = new List<(long Ms, int Timer)>();
            long now = 0;
            var timers = Enumerable.Range(0, 10).Select(i => new SipTimer(wheel, queue, () => fired.Add((now, i)))).ToArray();
            var due = new Dictionary<int, long>();
            var expected = new List<(long Ms, int Timer)>();
            foreach (var (index, armed, wait) in steps)
            {
                if (armed < 0)
                {
                    timers[index].Stop();
                    due.Remove(index);
                }
                else
                {
                    timers[index].Arm(Times[armed]);
                    due[index] = now + Times[armed];
                }

                for (var i = 0; i < wait; i++)
                {
                    now += 250;
                    time.Advance(TimeSpan.FromMilliseconds(250));
                    foreach (var (timer, at) in due.Where(pair => pair.Value <= now).ToList())
                    {
                        expected.Add((at, timer));
                        due.Remove(timer);
                    }
                }
            }

            Assert.Equal(expected.Order(), fired.Order());
        });
}
