using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;

namespace Sipstead.Voice.Trunks;

/// <summary>
/// Checks each enabled trunk once an interval, and sooner while it misses. What becomes of a trunk holds at once: a new one and one that leads elsewhere are
/// checked now, one that is disabled or gone is not any more.
/// </summary>
public sealed class TrunkWatch : ITrunkHealth, IDisposable
{
    /// <summary>Checks under way at one time; who is due waits for its turn, the longest waiting first.</summary>
    internal const int MaxUnderWay = 64;

    private const double Jitter = .1;

    private readonly ProvisioningView _view;
    private readonly TrunkProbe _probe;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly VoiceMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turns = new(MaxUnderWay);
    private readonly ConcurrentDictionary<long, Watched> _watched = new();
    private readonly Lock _changing = new();
    private bool _isOver;

    internal TrunkWatch(ProvisioningView view, TrunkProbe probe, VoiceOptions options, TimeProvider time, VoiceMetrics metrics, ILogger logger)
    {
        _view = view;
        _probe = probe;
        _interval = TimeSpan.FromSeconds(options.TrunkCheckInterval);
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Begins to check, the trunks spread over a part of the interval. Does nothing when checks are switched off.</summary>
    public void Start()
    {
        if (_interval == TimeSpan.Zero) return;
        _metrics.ObserveTrunks(() => _watched.Values.CountBy(watched => watched.Condition.Health.State));
        _view.Changed += OnChanged;
        Follow(isStart: true);
    }

    /// <inheritdoc/>
    public TrunkHealth? Of(long trunkId) => _watched.TryGetValue(trunkId, out var watched) ? watched.Condition.Health : null;

    /// <inheritdoc/>
    public event Action<long>? Checked;

    /// <summary>Ends all checks.</summary>
    public void Dispose()
    {
        _view.Changed -= OnChanged;
        lock (_changing)
        {
            _isOver = true;
            foreach (var id in _watched.Keys) Forget(id);
        }
    }

    private void OnChanged(ProvisioningChange change)
    {
        if (change.Kind == ProvisioningChangeKind.TrunkChanged) Follow(isStart: false);
    }

    /// <summary>Makes what is watched the trunks that are enabled.</summary>
    private void Follow(bool isStart)
    {
        lock (_changing)
        {
            if (_isOver) return;
            var enabled = _view.Trunks.All.Where(trunk => trunk.IsEnabled).ToDictionary(trunk => trunk.Id);
            foreach (var (id, watched) in _watched)
            {
                if (!enabled.TryGetValue(id, out var trunk) || !LeadsToTheSame(trunk, watched.Trunk)) Forget(id);
                else watched.Trunk = trunk;
            }

            foreach (var trunk in enabled.Values.Where(trunk => !_watched.ContainsKey(trunk.Id)))
            {
                var watched = _watched[trunk.Id] = new Watched(trunk, new TrunkCondition(_time.GetUtcNow()));
                _ = WatchAsync(watched, isStart ? _interval / 2 * Random.Shared.NextDouble() : TimeSpan.Zero);
            }
        }
    }

    private void Forget(long id)
    {
        if (_watched.TryRemove(id, out var watched)) watched.End.Cancel();
    }

    private async Task WatchAsync(Watched watched, TimeSpan first)
    {
        var end = watched.End.Token;
        try
        {
            for (var wait = first; ; wait = watched.Condition.NextAfter(_interval) * (1 + (Jitter * ((2 * Random.Shared.NextDouble()) - 1))))
            {
                await Task.Delay(wait, _time, end).ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // whoever changes a trunk is not held up
                Take(watched, await CheckAsync(watched.Trunk, end).ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            watched.End.Dispose();
        }
    }

    private async Task<TrunkFinding> CheckAsync(TrunkEntry trunk, CancellationToken end)
    {
        await _turns.WaitAsync(end).ConfigureAwait(false);
        try
        {
            return await _probe.CheckAsync(trunk, end).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // a trunk is checked again whatever came of the last time
        catch (Exception e) when (!end.IsCancellationRequested)
#pragma warning restore CA1031
        {
            VoiceLog.TrunkCheckFailed(_logger, trunk.Id, trunk.AccountId, e);
            return new TrunkFinding(TrunkCheckOutcome.Unreachable, Reason: "the check failed unexpectedly; the log says why");
        }
        finally
        {
            _turns.Release();
        }
    }

    private void Take(Watched watched, TrunkFinding finding)
    {
        _metrics.TrunkChecked(finding.Outcome);
        var isChanged = watched.Condition.Take(finding, _time.GetUtcNow());
        var (trunk, health) = (watched.Trunk, watched.Condition.Health);
        Tell(trunk.Id);
        if (!isChanged) return;
        if (health.State == TrunkState.Down) VoiceLog.TrunkDown(_logger, trunk.Name, trunk.Id, trunk.AccountId, health.Reason);
        else VoiceLog.TrunkUp(_logger, trunk.Name, trunk.Id, trunk.AccountId, health.Answer);
    }

    private void Tell(long trunkId)
    {
        try
        {
            Checked?.Invoke(trunkId);
        }
#pragma warning disable CA1031 // a failure of who looks on must not end the checks
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.TrunkHandlerFailed(_logger, trunkId, e);
        }
    }

    private static bool LeadsToTheSame(TrunkEntry one, TrunkEntry other) =>
        one.Port == other.Port && one.Transport == other.Transport && string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>A trunk that is checked.</summary>
    private sealed class Watched(TrunkEntry trunk, TrunkCondition condition)
    {
        private volatile TrunkEntry _trunk = trunk;

        public TrunkEntry Trunk
        {
            get => _trunk;
            set => _trunk = value;
        }

        public TrunkCondition Condition { get; } = condition;

        public CancellationTokenSource End { get; } = new();
    }
}
