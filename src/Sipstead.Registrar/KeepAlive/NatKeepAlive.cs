using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.KeepAlive;

/// <summary>
/// Keeps the NAT mappings of UDP bindings open (ruling 13): each binding whose source differs from its Contact gets a keep-alive from its own socket once
/// an interval. One shard a tick, so that the sends are spread evenly.
/// </summary>
internal sealed class NatKeepAlive : IDisposable
{
    private readonly RegistrarOptions _options;
    private readonly LocationService _locations;
    private readonly ProvisioningView _view;
    private readonly ISipFlows _flows;
    private readonly ServerClock _clock;
    private readonly RegistrarMetrics _metrics;
    private readonly ILogger _logger;
    private readonly HashSet<string> _realmsWithout;
    private readonly KeepAliveMessage _message;
    private readonly List<(SipFlow Flow, byte[] Uri)> _due = [];
    private readonly ITimer? _timer;
    private int _shard;

    public NatKeepAlive(
        RegistrarOptions options, LocationService locations, ProvisioningView view, ISipFlows flows, ServerClock clock, RegistrarMetrics metrics,
        TimeProvider time, ILogger logger)
    {
        _options = options;
        _locations = locations;
        _view = view;
        _flows = flows;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
        _realmsWithout = options.RealmsWithoutKeepAlive.ToHashSet(StringComparer.OrdinalIgnoreCase);
        _message = new KeepAliveMessage(options.KeepAlive);
        if (options.KeepAlive == KeepAliveMethod.Off) return;
        var tick = TimeSpan.FromSeconds(options.KeepAliveInterval) / LocationService.ShardCount;
        _timer = time.CreateTimer(_ => Tick(), null, tick, tick);
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        if (!Monitor.TryEnter(_due)) return; // the last tick still sends: this shard waits for its next turn
        try
        {
            var now = _clock.NowMs;
            _locations.Visit(_shard, record => Collect(record, now));
            _shard = (_shard + 1) % LocationService.ShardCount;
            foreach (var (flow, uri) in _due) _flows.TrySend(flow, _message.For(flow, uri));
            if (_due.Count > 0) _metrics.KeepAlivesSent(_due.Count);
        }
#pragma warning disable CA1031 // a timer's failure would end the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            RegistrarLog.StepFailed(_logger, e);
        }
        finally
        {
            _due.Clear();
            Monitor.Exit(_due);
        }
    }

    private void Collect(AorRecord record, long now)
    {
        foreach (var binding in new PackedBindings(record.Bindings))
        {
            ref readonly var header = ref binding.Header;
            if (header.Flow.Transport != SipTransport.Udp || header.ExpiresAt <= now || !binding.IsBehindNat || IsSwitchedOff(record.RealmId)) continue;
            _due.Add((header.Flow, _options.KeepAlive == KeepAliveMethod.Options ? binding.Uri.ToArray() : []));
        }
    }

    private bool IsSwitchedOff(long realmId) =>
        _realmsWithout.Count > 0 && _view.Realms.TryFind(realmId, out var realm) && _realmsWithout.Contains(realm.Fqdn);
}
