using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>A responder on a free loopback port, by default for example.com with the realm tenant-a (port 5070), and whatever a test adds.</summary>
internal sealed class RunningResponder : IAsyncDisposable
{
    public RunningResponder(DnsOptions? options = null, ILocalAddresses? addresses = null, IReadOnlyList<RealmRecord>? realms = null)
    {
        Options = options ?? Loopback;
        Zones = new ZonePublisher(Options.BaseDomain, Time);
        Zones.Change(realms ?? [new RealmRecord("tenant-a.example.com", 5070)], []);
        Responder = addresses is null
            ? new DnsResponder(Options, Zones, NullLoggerFactory.Instance, Time, Meters)
            : new DnsResponder(Options, Zones, NullLoggerFactory.Instance, Time, Meters, addresses);
        Responder.Start();
    }

    public static DnsOptions Loopback { get; } = new() { Port = DnsOptions.AnyFreePort, BaseDomain = "example.com" };

    public DnsOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    public TestMeterFactory Meters { get; } = new();

    public ZonePublisher Zones { get; }

    public DnsResponder Responder { get; }

    public IPEndPoint EndPoint => Responder.Endpoints[0];

    /// <summary>How many messages have been answered.</summary>
    public long Answered => Meters.Total("sipstead.dns.queries");

    /// <summary>Waits until the responder has dropped a message for this reason: it has seen it then, and kept silent.</summary>
    public Task UntilDroppedAsync(string reason, bool tcp) =>
        UntilAsync(() => Meters.Sum("sipstead.dns.dropped", $"reason={reason}", $"transport={(tcp ? "tcp" : "udp")}") > 0);

    /// <summary>Polls until a condition holds, up to the usual deadline.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Poll.DefaultDeadline, "The condition did not come to hold.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Responder.DisposeAsync();
        Meters.Dispose();
    }
}
