using Microsoft.Extensions.Time.Testing;
using Sipstead.Dashboard.Live;

namespace Sipstead.Dashboard.Tests.Live;

public sealed class LiveRefreshTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private int _refreshes;

    [Fact]
    public void ManyChanges_MakeOneRefreshAnInterval()
    {
        using var refresh = Create();
        for (var i = 0; i < 100; i++) refresh.Signal();
        _time.Advance(Interval);
        Assert.Equal(1, _refreshes);

        refresh.Signal();
        _time.Advance(Interval / 2);
        Assert.Equal(1, _refreshes);
        _time.Advance(Interval / 2);
        Assert.Equal(2, _refreshes);
    }

    [Fact]
    public void NoChange_MakesNoRefresh()
    {
        using var refresh = Create();

        _time.Advance(Interval * 10);

        Assert.Equal(0, _refreshes);
    }

    [Fact]
    public void ChangeDuringARefresh_MakesAnother()
    {
        LiveRefresh? refresh = null;
        refresh = new LiveRefresh(
            () =>
            {
                if (++_refreshes == 1) refresh!.Signal();
                return Task.CompletedTask;
            },
            _time, Interval);
        using var _ = refresh;

        refresh.Signal();
        _time.Advance(Interval);
        _time.Advance(Interval);

        Assert.Equal(2, _refreshes);
    }

    [Fact]
    public void Disposed_RefreshesNoMore()
    {
        var refresh = Create();
        refresh.Signal();
        refresh.Dispose();
        refresh.Signal();

        _time.Advance(Interval * 2);

        Assert.Equal(0, _refreshes);
    }

    private LiveRefresh Create() => new(
        () =>
        {
            _refreshes++;
            return Task.CompletedTask;
        },
        _time, Interval);
}
