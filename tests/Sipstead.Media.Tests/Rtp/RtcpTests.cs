using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Reports (RFC 3550 6).</summary>
public sealed class RtcpTests : IDisposable
{
    private const string Party = "192.0.2.1:4000";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 500, TimeSpan.Zero));
    private readonly RtpSender _sender = new(new SentPackets());
    private readonly RtpReceiver _receiver;
    private readonly RtcpReporter _reporter;
    private readonly byte[] _octets = new byte[RtcpWriter.MaxSize];

    public RtcpTests()
    {
        var latch = new SourceLatch(_time, Packets.Address("192.0.2.7:20000"));
        latch.Open(Packets.Address(Party));
        _receiver = new RtpReceiver(latch) { Media = Packets.Media() };
        _reporter = new RtcpReporter(_sender, _receiver, _time);
    }

    [Fact]
    public void MED_02_WhatIsWritten_IsReadBack() =>
        Gen.Select(Gen.UInt, Gen.ULong, Gen.Byte, Gen.Int[-0x800000, 0x7FFFFF], Gen.UInt, Gen.Bool, Gen.Bool).Sample(
            (ssrc, ntp, fraction, lost, other, isSender, hasBye) =>
            {
                var report = new ReceptionReport(99, fraction, lost, other, other + 1, other + 2, other + 3);
                var octets = new byte[RtcpWriter.MaxSize];
                var writer = new RtcpWriter(octets);
                writer.WriteReport(ssrc, isSender ? new SenderInformation(ntp, 1, 2, 3) : null, report);
                writer.WriteName(ssrc, "a name"u8);
                if (hasBye) writer.WriteBye(ssrc);
                Assert.True(RtcpCompound.TryRead(octets.AsSpan(0, writer.Length), 99, out var read));
                Assert.Equal((ssrc, report, hasBye, isSender ? (uint)(ntp >> 16) : 0), (read.Ssrc, read.Report, read.HasBye, read.SenderTime));
                Assert.True(RtcpCompound.TryRead(octets.AsSpan(0, writer.Length), 98, out read));
                Assert.Null(read.Report);
                for (var length = 0; length < writer.Length; length++) _ = RtcpCompound.TryRead(octets.AsSpan(0, length), 99, out _);
            });

    [Fact]
    public void MED_02_Compound_BeginsWithTheReport_AndHasARandomName()
    {
        var text = Encoding.Latin1.GetString(_octets, 0, _reporter.Write(_octets, isBye: false));
        Assert.Equal((0x80, 201), (_octets[0], _octets[1]));
        Assert.Equal((0x81, 202, 1, 16), (_octets[8], _octets[9], _octets[16], _octets[17]));
        var other = new RtcpReporter(_sender, _receiver, _time);
        Assert.NotEqual(text, Encoding.Latin1.GetString(_octets, 0, other.Write(_octets, isBye: false)));
        Assert.Equal(0, text.Length % 4);
    }

    [Fact]
    public void MED_02_SenderReport_ComesOnlyAfterSending_AndByeAtTheEnd()
    {
        _sender.Send(new short[160], Packets.Media());
        _reporter.Write(_octets, isBye: false);
        Assert.Equal(200, _octets[1]);
        Assert.Equal(3_976_311_845u, BinaryPrimitives.ReadUInt32BigEndian(_octets.AsSpan(8))); // seconds since 1900
        Assert.Equal(0x80, _octets[12]); // half a second
        var length = _reporter.Write(_octets, isBye: true);
        Assert.Equal(201, _octets[1]);
        Assert.True(RtcpCompound.TryRead(_octets.AsSpan(0, length), 0, out var compound));
        Assert.True(compound.HasBye);
    }

    [Fact]
    public void MED_02_Interval_IsRandomAboutItsMean()
    {
        Assert.False(_reporter.TakeDue()); // starts
        var intervals = new List<double>();
        for (var (waited, i) = (0, 0); i < 40_000 && intervals.Count < 60; i++, waited++)
        {
            if (_reporter.TakeDue())
            {
                intervals.Add(waited / 10.0);
                waited = 0;
            }

            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(intervals[0], 1.0, 3.2);
        Assert.All(intervals.Skip(1), interval => Assert.InRange(interval, 2.0, 6.3));
        Assert.True(intervals.Distinct().Count() > 10);
    }

    [Fact]
    public void MED_02_RoundTrip_IsMeasured()
    {
        _sender.Send(new short[160], Packets.Media());
        var ours = RtcpOf(_reporter.Write(_octets, isBye: false));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        var writer = new RtcpWriter(_octets);
        writer.WriteReport(7, null, new ReceptionReport(_sender.Ssrc, 0, 0, 0, 0, ours.SenderTime, 65536 / 10));
        Assert.True(_reporter.TryTake(_octets.AsSpan(0, writer.Length)));
        Assert.InRange(_reporter.RoundTrip!.Value.TotalMilliseconds, 149, 151);
    }

    [Fact]
    public void MED_02_ReportOnTheParty_TellsItsLastReportAndTheDelaySince()
    {
        _receiver.Take(Packets.Rtp(5, 0, Packets.Level(0)), Packets.Address(Party), default);
        var writer = new RtcpWriter(_octets);
        writer.WriteReport(7, new SenderInformation(0x1234_5678_9ABC_DEF0, 0, 0, 0), null);
        Assert.True(_reporter.TryTake(_octets.AsSpan(0, writer.Length)));
        _time.Advance(TimeSpan.FromSeconds(2));
        var length = _reporter.Write(_octets, isBye: false);
        Assert.True(RtcpCompound.TryRead(_octets.AsSpan(0, length), 7, out var compound));
        Assert.Equal(new ReceptionReport(7, 0, 0, 5, 0, 0x5678_9ABC, 2 << 16), compound.Report);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80C90001")]
    [InlineData("80CA000100000007")] // no report first
    [InlineData("A0C9000100000004")] // padding in the first part
    [InlineData("80C9000200000007")] // longer than the packet
    [InlineData("81C9000100000007")] // a block that is not there
    [InlineData("80C8000100000007")] // a sender's report without its information
    [InlineData("80C900010000000740CB0000")] // version 1 in the second part
    [InlineData("80C900010000000780CB00")] // a rest
    [InlineData("80C9000100000007A0CB000000000000")] // padding not in the last part
    public void MED_02_BrokenCompound_IsRefused(string hex) => Assert.False(RtcpCompound.TryRead(Convert.FromHexString(hex), 7, out _));

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private RtcpCompound RtcpOf(int length)
    {
        Assert.True(RtcpCompound.TryRead(_octets.AsSpan(0, length), 0, out var compound));
        return compound;
    }
}
