using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sipstead.Media.Rtp;

/// <summary>Reports what was sent and received, about every five seconds, and reads the party's reports (RFC 3550 6).</summary>
internal sealed class RtcpReporter(RtpSender sender, RtpReceiver receiver, TimeProvider time)
{
    /// <summary>Least mean interval in seconds (RFC 3550 6.2); half of it before the first report.</summary>
    private const double MeanInterval = 5;

    /// <summary>What makes up for reconsideration, e - 3/2 (RFC 3550 6.3.1).</summary>
    private const double Compensation = 1.21828;

    private const int NameOctets = 12;
    private static readonly DateTimeOffset NtpEpoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Random for each session and telling nothing (RFC 7022 4.2).</summary>
    private readonly byte[] _name = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NameOctets)));
    private bool _isStarted;
    private long _dueAt;
    private long _sentBefore;
    private uint _lastSenderTime;
    private long _lastSenderAt;

    /// <summary>What the party last said of what it receives of us; null before it said anything.</summary>
    public RemoteReception? Remote { get; private set; }

    /// <summary>Time to the party and back; null before it reported on one of our reports.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>True when a report is due; the next one then is set.</summary>
    public bool TakeDue()
    {
        var now = time.GetTimestamp();
        if (_isStarted && now < _dueAt) return false;
        var wasStarted = _isStarted;
        _isStarted = true;
        _dueAt = now + (long)(NextInterval(wasStarted ? MeanInterval : MeanInterval / 2) * time.TimestampFrequency);
        return wasStarted;
    }

    /// <summary>Writes a compound of report and name, and BYE at the end.</summary>
    public int Write(Span<byte> octets, bool isBye)
    {
        var writer = new RtcpWriter(octets);
        SenderInformation? sent = sender.Packets == _sentBefore
            ? null
            : new SenderInformation(NtpNow(), sender.Timestamp, (uint)sender.Packets, (uint)sender.Octets);
        _sentBefore = sender.Packets;
        writer.WriteReport(sender.Ssrc, sent, receiver.HasSource ? Report() : null);
        writer.WriteName(sender.Ssrc, _name);
        if (isBye) writer.WriteBye(sender.Ssrc);
        return writer.Length;
    }

    /// <summary>Takes a compound of the party; false when it is none.</summary>
    public bool TryTake(ReadOnlySpan<byte> octets)
    {
        if (!RtcpCompound.TryRead(octets, sender.Ssrc, out var compound)) return false;
        if (compound.SenderTime != 0)
        {
            _lastSenderTime = compound.SenderTime;
            _lastSenderAt = time.GetTimestamp();
        }

        if (compound.Report is { } reception)
            Remote = new RemoteReception(Math.Max(reception.Lost, 0), sender.Packets, sender.ClockTime(reception.Jitter));
        if (compound.Report is { LastReport: not 0 } report)
        {
            var units = (int)((uint)(NtpNow() >> 16) - report.LastReport - report.Delay);
            if (units >= 0) RoundTrip = TimeSpan.FromSeconds(units / 65536.0); // clocks step; a negative time tells nothing
        }

        return true;
    }

    private ReceptionReport Report()
    {
        var statistics = receiver.Statistics;
        var delay = _lastSenderTime == 0 ? 0 : (uint)Math.Min(time.GetElapsedTime(_lastSenderAt).TotalSeconds * 65536, uint.MaxValue);
        return new ReceptionReport(
            receiver.Ssrc, statistics.TakeFractionLost(), (int)Math.Clamp(statistics.Lost, -0x800000, 0x7FFFFF), statistics.HighestSequence,
            statistics.Jitter, _lastSenderTime, delay);
    }

    /// <summary>Seconds to the next report: between half and one and a half of the mean, so that parties do not fall into step.</summary>
    private static double NextInterval(double mean)
    {
        const int steps = 1 << 16;
        return mean * (0.5 + (RandomNumberGenerator.GetInt32(steps) / (double)steps)) / Compensation;
    }

    private ulong NtpNow()
    {
        var ticks = (ulong)(time.GetUtcNow() - NtpEpoch).Ticks;
        var seconds = ticks / TimeSpan.TicksPerSecond;
        return (seconds << 32) | ((ticks % TimeSpan.TicksPerSecond << 32) / TimeSpan.TicksPerSecond);
    }
}

/// <summary>How a party receives what we send, by its own report (RFC 3550 6.4.1).</summary>
/// <param name="Lost">Packets that it missed since the beginning.</param>
/// <param name="Sent">Packets that we had sent by then.</param>
/// <param name="Jitter">Mean deviation of the packets' spacing.</param>
internal readonly record struct RemoteReception(long Lost, long Sent, TimeSpan Jitter)
{
    public double LossPercent => Sent == 0 ? 0 : Math.Min(100.0 * Lost / Sent, 100);
}
