using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Sipstead.Dashboard.Live;

/// <summary>How many pages are open, and how many may be.</summary>
internal sealed class CircuitLimit
{
    private readonly int _maximum;
    private readonly Counter<long> _refused;
    private int _open;

    public CircuitLimit(DashboardOptions options, IMeterFactory meters)
    {
        _maximum = options.MaxCircuits;
        var meter = meters.Create("Sipstead.Dashboard");
        meter.CreateObservableGauge("sipstead.dashboard.circuits", () => _open, "{circuit}", "Pages that are open");
        _refused = meter.CreateCounter<long>("sipstead.dashboard.circuits.refused", "{circuit}", "Pages refused because too many are open");
    }

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= _maximum) return true;
        Interlocked.Decrement(ref _open);
        _refused.Add(1);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _open);
}

/// <summary>Counts one circuit. A refused one ends with an error, which its browser shows as a lost connection.</summary>
internal sealed class CircuitCount(CircuitLimit limit) : CircuitHandler
{
    private bool _isCounted;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (!limit.TryEnter()) throw new InvalidOperationException("Too many pages are open.");
        _isCounted = true;
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_isCounted) limit.Leave();
        return Task.CompletedTask;
    }
}
