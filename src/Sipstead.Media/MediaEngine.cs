using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Sdp;

namespace Sipstead.Media;

/// <summary>
/// The media of all calls: opens sessions on ports of a range, and runs them on one clock. A leg costs the clock about 20 microseconds of each 20
/// milliseconds, nearly all of it in the kernel's socket calls, so one thread serves several hundred.
/// </summary>
public sealed class MediaEngine : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly MediaMetrics _metrics;
    private readonly ILogger _logger;
    private readonly MediaPorts _ports;
    private readonly MediaClock _clock;
    private readonly MediaTick _tick = new();
    private readonly IReadOnlyList<AudioCodec> _codecs;
    private readonly Lock _gate = new();

    /// <summary>Changed by putting a new array in its place: the clock reads it without a lock.</summary>
    private volatile MediaSession[] _sessions = [];

    /// <summary>Changed in the same way.</summary>
    private volatile ConferenceMixer[] _mixers = [];
    private bool _isEnded;

    /// <summary>Opens nothing yet. Throws <see cref="ArgumentException"/> for options that <see cref="MediaOptions.Validate"/> objects to.</summary>
    public MediaEngine(MediaOptions options, TimeProvider time, IMeterFactory meters, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        if (string.Join(' ', options.Validate()) is { Length: > 0 } errors) throw new ArgumentException(errors, nameof(options));
        _time = time;
        _metrics = new MediaMetrics(meters);
        _logger = loggers.CreateLogger<MediaEngine>();
        Timeout = options.Timeout;
        _codecs = UsableCodecs(options.Codecs, OpusLibrary.IsAvailable, _logger);
        _ports = new MediaPorts(options, time, _metrics, _logger);
        _clock = new MediaClock(time, _logger, Tick);
    }

    /// <summary>How long a party may be silent (<see cref="MediaOptions.Timeout"/>).</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Sessions that have not ended.</summary>
    public int OpenSessions => _sessions.Length;

    /// <summary>Mixers that are open.</summary>
    public int OpenMixers => _mixers.Length;

    /// <summary>UDP ports that are open, those of ended sessions that rest included; two for each session.</summary>
    public int OpenPorts => _ports.Open;

    /// <summary>Starts the clock.</summary>
    public void Start() => _clock.Start();

    /// <summary>Opens RTP and RTCP ports on <paramref name="local"/>; SDP shows <paramref name="advertised"/>. Null when no port is free.</summary>
    /// <param name="local">The address to bind to.</param>
    /// <param name="advertised">The address that the party shall send to.</param>
    /// <param name="protection">Whether media may or must be encrypted, which the signalling decides.</param>
    public MediaSession? TryOpen(IPAddress local, IPAddress advertised, MediaProtection protection = MediaProtection.None)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(advertised);
        if (_ports.TryOpen(local) is not { } ports) return null;
        var negotiator = new SdpNegotiator(advertised, ports.Rtp.Port, _codecs, protection);
        var session = new MediaSession(this, negotiator, new AudioStream(ports, local, Timeout, _time, _metrics, _logger), _metrics, _logger);
        lock (_gate)
        {
            if (!_isEnded)
            {
                _sessions = [.. _sessions, session];
                _metrics.SessionOpened();
                return session;
            }
        }

        _ports.Release(ports);
        return null;
    }

    /// <summary>Opens the mix of a conference, which runs until it is disposed.</summary>
    /// <param name="capacity">Members at most.</param>
    public ConferenceMixer OpenMixer(int capacity)
    {
        var mixer = new ConferenceMixer(this, capacity, _logger);
        lock (_gate) _mixers = [.. _mixers, mixer];
        _metrics.MixerOpened();
        return mixer;
    }

    /// <summary>Stops the clock, ends all sessions and closes all ports. Not to be called from what a session calls back.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isEnded) return ValueTask.CompletedTask;
            _isEnded = true;
        }

        _clock.Dispose();
        foreach (var session in _sessions) session.Dispose();
        _ports.Dispose();
        _tick.Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Remove(MediaSession session, PortPair ports)
    {
        lock (_gate) _sessions = [.. _sessions.Where(other => other != session)];
        _metrics.SessionClosed();
        _ports.Release(ports);
    }

    internal void Remove(ConferenceMixer mixer)
    {
        lock (_gate)
        {
            if (!_mixers.Contains(mixer)) return;
            _mixers = [.. _mixers.Where(other => other != mixer)];
        }

        _metrics.MixerClosed();
    }

    /// <summary>One frame of all mixers, which need what the sessions heard in the last beat, then of all sessions.</summary>
    /// <param name="skipped">Frames that are left out before it.</param>
    internal void Tick(int skipped)
    {
        var started = _time.GetTimestamp();
        _tick.Skipped = skipped;
        var sessions = _sessions;
        if (skipped > 0) _metrics.Skipped(skipped);
        if (skipped > 0 && sessions.Length > 0) MediaLog.ClockLate(_logger, skipped);
        foreach (var mixer in _mixers) mixer.Beat();
        foreach (var session in sessions) session.Tick(_tick);
        _ports.Drain(_tick.Batch);
        _metrics.Worked(_time.GetElapsedTime(started));
    }

    /// <summary>The codecs of these names, each once; Opus only where its library is.</summary>
    internal static IReadOnlyList<AudioCodec> UsableCodecs(IReadOnlyList<string> names, bool hasOpus, ILogger logger)
    {
        List<AudioCodec> codecs = [.. names.Select(name => AudioCodec.Find(name)!).Distinct()];
        if (!hasOpus && codecs.Remove(AudioCodec.Opus)) MediaLog.NoOpus(logger, OpusLibrary.Name);
        return codecs;
    }
}
