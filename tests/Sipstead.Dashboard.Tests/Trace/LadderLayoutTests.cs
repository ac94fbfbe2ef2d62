using System.Globalization;
using Sipstead.Dashboard.Trace;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Tests.Trace;

/// <summary>Columns and rows of a ladder, from messages that anybody may have sent.</summary>
public sealed class LadderLayoutTests
{
    [Fact]
    public void NoMessages_GiveNoColumnsAndNoRows()
    {
        var layout = LadderLayout.Of([]);

        Assert.Empty(layout.Columns);
        Assert.Empty(layout.Rows);
    }

    [Fact]
    public void Registration_HasTheDeviceLeftOfTheServer()
    {
        var layout = LadderLayout.Of(
        [
            Messages.Received(1, Messages.Request("REGISTER")), Messages.Sent(2, Messages.Response("401 Unauthorized", "REGISTER")),
        ]);

        Assert.Equal(["192.0.2.7:5060", "This server"], layout.Columns.Select(column => column.Name));
        Assert.Equal(["UDP", "198.51.100.1:5060"], layout.Columns.Select(column => column.Detail));
        Assert.Equal([(0, 1), (1, 0)], layout.Rows.Select(row => (row.FromColumn, row.ToColumn)));
        Assert.Equal(["REGISTER", "401 Unauthorized"], layout.Rows.Select(row => row.Label));
        Assert.Equal([true, false], layout.Rows.Select(row => row.PointsRight));
    }

    [Fact]
    public void Call_HasTheServerBetweenCallerAndCallee()
    {
        var layout = LadderLayout.Of(
        [
            Messages.Received(1, Messages.Request("INVITE")), Messages.Sent(2, Messages.Request("INVITE"), "192.0.2.8:5062"),
            Messages.Received(3, Messages.Response("180 Ringing", "INVITE"), "192.0.2.8:5062"),
        ]);

        Assert.Equal(["192.0.2.7:5060", "This server", "192.0.2.8:5062"], layout.Columns.Select(column => column.Name));
        Assert.Equal([(0, 1), (1, 2), (2, 1)], layout.Rows.Select(row => (row.FromColumn, row.ToColumn)));
    }

    [Fact]
    public void SameAddressOverAnotherTransport_IsAnotherColumn()
    {
        var layout = LadderLayout.Of(
        [
            Messages.Received(1, Messages.Request("REGISTER")), Messages.Received(2, Messages.Request("REGISTER"), transport: SipTransport.Tcp),
        ]);

        Assert.Equal(["UDP", "198.51.100.1:5060", "TCP"], layout.Columns.Select(column => column.Detail));
    }

    [Fact]
    public void MorePeersThanColumns_ShareOne_AndThoseWhoSpokeLastKeepTheirs()
    {
        var layout = LadderLayout.Of([.. Enumerable.Range(1, 9).Select(i => Messages.Received(i, Messages.Request("REGISTER", i), PeerOf(i)))]);

        Assert.Equal(LadderLayout.MaxPeers + 1, layout.Columns.Count);
        Assert.Equal(
            [PeerOf(5), "This server", PeerOf(6), PeerOf(7), PeerOf(8), PeerOf(9), "Others"], layout.Columns.Select(column => column.Name));
        Assert.Equal("4 addresses", layout.Columns[^1].Detail);
        Assert.Equal([6, 6, 6, 6, 0, 2, 3, 4, 5], layout.Rows.Select(row => row.FromColumn));

        static string PeerOf(int i) => string.Create(CultureInfo.InvariantCulture, $"192.0.2.{i}:5060");
    }

    [Fact]
    public void AsManyPeersAsColumns_AllHaveOne()
    {
        var layout = LadderLayout.Of(
            [.. Enumerable.Range(1, LadderLayout.MaxPeers).Select(i => Messages.Received(i, Messages.Request("REGISTER", i), $"192.0.2.{i}:5060"))]);

        Assert.DoesNotContain(layout.Columns, column => column.Name == "Others");
    }

    [Fact]
    public void SameOctetsOnTheSameWay_AreARetransmission()
    {
        var layout = LadderLayout.Of(
        [
            Messages.Received(1, Messages.Request("REGISTER")), Messages.Received(2, Messages.Request("REGISTER")),
            Messages.Received(3, Messages.Request("REGISTER", 2)), Messages.Sent(4, Messages.Request("REGISTER")),
            Messages.Received(5, Messages.Request("REGISTER"), "192.0.2.8:5060"), Messages.Received(6, Messages.Request("REGISTER")),
        ]);

        Assert.Equal([false, true, false, false, false, true], layout.Rows.Select(row => row.IsRetransmission));
    }

    [Theory]
    [InlineData("SIP/2.0 100 Trying\r\nCSeq: 1 INVITE\r\n\r\n", "100 Trying", LadderTone.Provisional)]
    [InlineData("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n", "200 OK", LadderTone.Success)]
    [InlineData("SIP/2.0 302 Moved Temporarily\r\nCSeq: 1 INVITE\r\n\r\n", "302 Moved Temporarily", LadderTone.Again)]
    [InlineData("SIP/2.0 407 Proxy Authentication Required\r\nCSeq: 1 INVITE\r\n\r\n", "407 Proxy Authentication Required", LadderTone.Again)]
    [InlineData("SIP/2.0 486 Busy Here\r\nCSeq: 1 INVITE\r\n\r\n", "486 Busy Here", LadderTone.Failure)]
    [InlineData("OPTIONS sip:a.example SIP/2.0\r\n\r\n", "OPTIONS", LadderTone.Request)]
    [InlineData("\0\u0001\u0002", "Not SIP", LadderTone.Failure)]
    [InlineData("", "Not SIP", LadderTone.Failure)]
    [InlineData("INVITE sip:a SIP/2.0\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0", "INVITE (SDP)", LadderTone.Request)]
    internal void Message_HasItsLabelAndTone(string text, string label, LadderTone tone)
    {
        var row = Assert.Single(LadderLayout.Of([Messages.Received(1, text)]).Rows);

        Assert.Equal((label, tone), (row.Label, row.Tone));
    }

    [Theory]
    [InlineData(0.44, "+0.4 ms", false)]
    [InlineData(12, "+12 ms", false)]
    [InlineData(1_500, "+1.5 s", false)]
    [InlineData(2_000, "+2.0 s", true)]
    [InlineData(300_000, "+5 min", true)]
    [InlineData(7_200_000, "+2 h", true)]
    [InlineData(-5, "+0.0 ms", false)]
    public void TimeSinceTheRowAbove_IsInReadableUnits(double milliseconds, string since, bool followsPause)
    {
        var rows = LadderLayout.Of(
        [
            Messages.Received(1, Messages.Request("REGISTER"), after: TimeSpan.Zero),
            Messages.Sent(2, Messages.Response("200 OK", "REGISTER"), after: TimeSpan.FromMilliseconds(milliseconds)),
        ]).Rows;

        Assert.Equal("", rows[0].Since);
        Assert.False(rows[0].FollowsPause);
        Assert.Equal((since, followsPause), (rows[1].Since, rows[1].FollowsPause));
    }

    [Fact]
    public void Text_ShowsWhatCannotBeSeen()
    {
        var row = Assert.Single(LadderLayout.Of([Messages.Received(1, "REGISTER sip:a SIP/2.0\r\nSubject: a\u202Eb\0c\td ü\r\n\r\n")]).Rows);

        Assert.Equal("REGISTER sip:a SIP/2.0\r\nSubject: a\uFFFDb\uFFFDc\td ü\r\n\r\n", row.Text);
    }

    [Fact]
    public void Way_IsTheArrowInWords()
    {
        var rows = LadderLayout.Of([Messages.Received(1, Messages.Request("REGISTER")), Messages.Sent(2, Messages.Response("200 OK", "REGISTER"))]).Rows;

        Assert.Equal(["received from 192.0.2.7:5060 over UDP", "sent to 192.0.2.7:5060 over UDP"], rows.Select(row => row.Way));
    }
}
