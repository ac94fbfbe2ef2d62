using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>An engine on free ports of loopback.</summary>
internal sealed class MediaSetup : IAsyncDisposable
{
    public MediaSetup(
        int pairs = 4, TimeProvider? time = null, TimeSpan? rest = null, IMeterFactory? meters = null, TimeSpan? timeout = null, string? codec = null)
    {
        var first = FreePort.TakeRange((2 * pairs) + 1);
        first += first % 2;
        Ports = Enumerable.Range(first, 2 * pairs);
        Engine = new MediaEngine(
            new MediaOptions
            {
                Ports = $"{first}-{first + (2 * pairs) - 1}", PortRest = rest ?? TimeSpan.FromMilliseconds(100), Timeout = timeout ?? new MediaOptions().Timeout,
                Codecs = codec is null ? new MediaOptions().Codecs : [codec],
            },
            time ?? TimeProvider.System,
            meters ?? Meters,
            Logs);
    }

    public CountingMeters Meters { get; } = new();

    public MediaEngine Engine { get; }

    /// <summary>All ports of the range.</summary>
    public IEnumerable<int> Ports { get; }

    /// <summary>What the engine logged.</summary>
    public LogLines Logs { get; } = new(LogLevel.Information);

    public MediaSession Open(MediaProtection protection = MediaProtection.None) => Engine.TryOpen(IPAddress.Loopback, IPAddress.Loopback, protection)!;

    /// <summary>Two sessions that have agreed with each other.</summary>
    public (MediaSession Caller, MediaSession Callee) Connect(MediaProtection protection = MediaProtection.None)
    {
        var (caller, callee) = (Open(protection), Open(protection));
        Assert.True(caller is not null && callee is not null, $"No media port is free; {Engine.OpenPorts} are open.");
        var answer = callee.Answer(caller.CreateOffer());
        Assert.Null(answer.Refusal);
        Assert.Null(caller.AcceptAnswer(answer.Sdp));
        return (caller, callee);
    }

    /// <summary>Lets frames pass, for an engine that was not started.</summary>
    public void Tick(int frames = 1)
    {
        for (var i = 0; i < frames; i++) Engine.Tick(skipped: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Meters.Dispose();
    }
}

/// <summary>Meters that nobody listens to.</summary>
internal sealed class UnheardMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        _meters.Add(new Meter(options));
        return _meters[^1];
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
