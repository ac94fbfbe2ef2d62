using Sipstead.Dashboard.Live;

namespace Sipstead.Dashboard.Tests.Credentials;

/// <summary>Rows that outlive a refresh.</summary>
public sealed class LiveRowsTests
{
    private readonly LiveRows<(long Id, string Text)> _rows = new(item => item.Id);

    [Fact]
    public void SameThing_KeepsItsRow_AndGetsItsNewestValue()
    {
        var before = _rows.Show([(1, "a"), (2, "b")]);

        var after = _rows.Show([(2, "changed"), (3, "c")]);

        Assert.Same(before.Last(), after.First());
        Assert.Equal(["changed", "c"], after.Select(row => row.Value.Text));
    }

    [Fact]
    public void WhatIsNoLongerLoaded_IsGone()
    {
        _rows.Show([(1, "a")]);
        _rows.Show([(2, "b")]);

        Assert.False(_rows.Contains(1));
        Assert.True(_rows.Contains(2));
        Assert.Single(_rows.Shown);
    }
}
