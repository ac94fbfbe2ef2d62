using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Journal;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.KeepAlive;

/// <summary>
/// Ends the bindings of Outbound flows whose connection is gone, 64*T1 after that was seen (ruling 10): calls leave them out at once, and the device has time
/// to make the flow anew. All addresses-of-record are looked at once in <see cref="Round"/>, a part of them each second.
/// </summary>
internal sealed class FlowWatch : IDisposable
{
    /// <summary>A connection that ended is seen after so long at the latest.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly int ShardsOfATick = (int)(LocationService.ShardCount * (Tick / Round));

    private readonly LocationService _locations;
    private readonly ISipFlows _flows;
    private readonly ServerClock _clock;
    private readonly ILogger _logger;
    private readonly LocationBatch _batch;
    private readonly ITimer _timer;
    private int _shard;

    public FlowWatch(LocationService locations, ISipFlows flows, IBindingJournal journal, ServerClock clock, TimeProvider time, ILogger logger)
    {
        _locations = locations;
        _flows = flows;
        _clock = clock;
        _logger = logger;
        _batch = new LocationBatch(journal);
        _timer = time.CreateTimer(_ => LookOn(), null, Tick, Tick);
    }

    public void Dispose() => _timer.Dispose();

    private void LookOn()
    {
        if (!Monitor.TryEnter(_batch)) return; // the last part takes long: this one waits for its next turn
        try
        {
            for (var i = 0; i < ShardsOfATick; i++, _shard = (_shard + 1) % LocationService.ShardCount) Look(_shard);
        }
#pragma warning disable CA1031 // a timer's failure would end the process
        catch (Exception e)
#pragma warning restore CA1031
        {
            RegistrarLog.StepFailed(_logger, e);
        }
        finally
        {
            Monitor.Exit(_batch);
        }
    }

    /// <summary>Should the journal fail, the flows live on as they were and are looked at again in the next round.</summary>
    private void Look(int shard)
    {
        _locations.EndDeadFlows(shard, _clock.NowMs + TimerValues.Timeout, flow => _flows.IsReachable(flow), _batch);
        _batch.Commit();
    }
}
