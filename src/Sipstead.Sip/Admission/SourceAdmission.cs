using System.Text;
using Microsoft.Extensions.Logging;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Admission;

/// <summary>
/// What each source may send, before anything is parsed, and what may be sent back to it. Over a limit there is silence. Sources with a live registration or
/// call have a budget of their own, so that a flood from elsewhere takes nothing from them. Of a fixed size, without allocation or locks; shared by all
/// receiving loops.
/// </summary>
public sealed class SourceAdmission
{
    /// <summary>Datagrams to an unproven source may have so many times the octets that came from it (RFC 9000 8 has the same).</summary>
    private const int FreeFactor = 3;

    /// <summary>Lines about limited sources a second, and at once: a flood from everywhere must not become a flood of lines (S-29).</summary>
    private const double LinesPerSecond = 1;

    private const int LineBurst = 20;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(60);

    private readonly AdmissionOptions _options;
    private readonly SipMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SlotTable<Source> _sources;
    private readonly TokenBucket _unknown;
    private readonly TokenBucket _known;
    private readonly TokenBucket _malformed;
    private readonly TokenBucket _unproven;
    private readonly TokenBucket _lines;
    private readonly long _betweenLines;
    private readonly byte[][] _silent;
    private long _linesFullAt;

    public SourceAdmission(AdmissionOptions options, SipMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _metrics, _time) = (options, metrics, time);
        _logger = loggers.CreateLogger("Sipstead.Sip.Admission");
        _sources = new SlotTable<Source>(options.MaxSources, metrics.SourceEvicted);
        _unknown = new TokenBucket(options.RequestsPerSecond, options.RequestBurst, time.TimestampFrequency);
        _known = new TokenBucket(options.KnownRequestsPerSecond, options.KnownRequestBurst, time.TimestampFrequency);
        _malformed = new TokenBucket(1, options.MalformedBurst, time.TimestampFrequency);
        _unproven = new TokenBucket(options.UnprovenOctetsPerSecond, options.UnprovenOctetsPerSecond, time.TimestampFrequency);
        _lines = new TokenBucket(LinesPerSecond, LineBurst, time.TimestampFrequency);
        _betweenLines = Ticks(BetweenLines);
        _silent = [.. options.SilentUserAgents.Select(Encoding.ASCII.GetBytes)];
    }

    /// <summary>Ticks of the clock that all limits run on. Read once for many messages.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Sources that are remembered.</summary>
    public int SourceCount => _sources.Count;

    /// <summary>True when no limit holds for a source (ruling 35).</summary>
    public bool IsExempt(TransportAddress source) => source.IsLoopback && !_options.IncludeLoopback;

    /// <summary>Counts a message. False when its source has sent too much, and it is to be dropped unread.</summary>
    public bool Admits(TransportAddress source, long now)
    {
        if (IsExempt(source)) return true;
        ref var slot = ref _sources.FindOrAdd(SourceKey.Of(source));
        Volatile.Write(ref slot.HeardAt, now);
        var isKnown = Volatile.Read(ref slot.KnownUntil) > now;
        var isSlowed = Volatile.Read(ref slot.SlowedUntil) > now;
        var count = isSlowed ? _options.SlowedPart : 1;
        if (isKnown ? _known.TryTake(ref slot.KnownFullAt, now, count) : _unknown.TryTake(ref slot.UnknownFullAt, now, count)) return true;
        _metrics.Dropped(isSlowed ? "slowed source" : isKnown ? "known source over limit" : "source over limit");
        Tell(ref slot, source, now);
        return false;
    }

    /// <summary>True when a malformed request may be answered: so many at once, then one a second.</summary>
    public bool MayRefuseMalformed(TransportAddress source)
    {
        if (IsExempt(source) || _malformed.TryTake(ref _sources.FindOrAdd(SourceKey.Of(source)).MalformedFullAt, Now)) return true;
        _metrics.Dropped("malformed over limit");
        return false;
    }

    /// <summary>
    /// True when a datagram may go to a source: one that proved its address, or one that gets no more than three times what it sent, and a little (S-19).
    /// </summary>
    /// <param name="received">Octets of the datagram that is answered.</param>
    /// <param name="reply">Octets of the answer.</param>
    public bool MayReply(TransportAddress source, int received, int reply, long now)
    {
        var excess = reply - (FreeFactor * received);
        if (excess <= 0 || IsExempt(source)) return true;
        ref var slot = ref _sources.FindOrAdd(SourceKey.Of(source));
        if (Volatile.Read(ref slot.KnownUntil) > now || _unproven.TryTake(ref slot.UnprovenFullAt, now, excess)) return true;
        _metrics.Dropped("amplification");
        return false;
    }

    /// <summary>True for a request of a program that is not to be answered; see <see cref="AdmissionOptions.SilentUserAgents"/>.</summary>
    public bool IsSilenced(SipMessage message)
    {
        if (_silent.Length == 0) return false;
        ArgumentNullException.ThrowIfNull(message);
        var userAgent = message.Value(HeaderId.UserAgent);
        foreach (var part in _silent)
        {
            if (!Holds(userAgent, part)) continue;
            _metrics.Dropped("user agent");
            return true;
        }

        return false;
    }

    /// <summary>Notes that somebody with a right digest is at a source: for so long it has the budget of those who are known.</summary>
    public void Vouch(TransportAddress source, TimeSpan lifetime, long now)
    {
        if (!IsExempt(source)) Raise(ref _sources.FindOrAdd(SourceKey.Of(source)).KnownUntil, now + Ticks(lifetime));
    }

    /// <summary>Leaves a source only a part of its budget for some time, because of what it did. It is never shut out (ruling 35).</summary>
    public void Slow(TransportAddress source, TimeSpan time, long now)
    {
        if (!IsExempt(source)) Raise(ref _sources.FindOrAdd(SourceKey.Of(source)).SlowedUntil, now + Ticks(time));
    }

    /// <summary>True for a source with a live registration or call.</summary>
    public bool IsKnown(TransportAddress source, long now)
    {
        ref var slot = ref _sources.Find(SourceKey.Of(source));
        return !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref slot) && Volatile.Read(ref slot.KnownUntil) > now;
    }

    private static bool Holds(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        for (var at = 0; at + part.Length <= text.Length; at++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(at, part.Length), part)) return true;
        }

        return false;
    }

    private static void Raise(ref long target, long value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>One line when a source begins to be limited, and again each minute while it goes on.</summary>
    private void Tell(ref Source slot, TransportAddress source, long now)
    {
        var toldUntil = Volatile.Read(ref slot.ToldUntil);
        if (toldUntil > now || Interlocked.CompareExchange(ref slot.ToldUntil, now + _betweenLines, toldUntil) != toldUntil) return;
        if (_lines.TryTake(ref _linesFullAt, now)) SipLog.SourceLimited(_logger, source.ToIPAddress());
    }

    /// <summary>What is known of a source. All in ticks.</summary>
    private struct Source : ITableSlot
    {
        public long HeardAt;
        public long UnknownFullAt;
        public long KnownFullAt;
        public long MalformedFullAt;
        public long UnprovenFullAt;
        public long KnownUntil;
        public long SlowedUntil;
        public long ToldUntil;

        /// <summary>Who is known stays while strangers come and go.</summary>
        public readonly long Worth => Math.Max(HeardAt, Math.Max(KnownUntil, SlowedUntil));
    }
}
