using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>The zone's serial rises over restarts, whatever the clock does.</summary>
public sealed class SerialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    private string Path => _folder["zone-serial"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DNS_11_Serial_AfterManyChangesAndARestart_Rises()
    {
        var zones = Open();
        for (var i = 0; i < 100; i++) zones.Publish(new RealmRecord($"r{i}.example.com", 5060));
        Assert.Equal(1_800_000_100u, zones.Current.Serial);

        Assert.Equal(1_800_000_101u, Open().Current.Serial);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1_800_003_600u, Open().Current.Serial);
    }

    [Fact]
    public void DNS_11_Serial_AfterTheClockWasSetBack_Rises()
    {
        Open();
        var earlier = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

        Assert.Equal(1_800_000_001u, Open(earlier).Current.Serial);
    }

    [Theory]
    [InlineData("")]
    [InlineData("serial")]
    [InlineData("-1")]
    [InlineData("4294967296")]
    [InlineData("00000000000000000000000000000001")]
    public void Serial_FileThatIsDamaged_BeginsWithTheClock(string content)
    {
        File.WriteAllText(Path, content);
        Assert.Equal(1_800_000_000u, Open().Current.Serial);
    }

    [Fact]
    public void Serial_FileThatCannotBeWritten_StopsNoChange()
    {
        var zones = new ZonePublisher("example.com", _time, new SerialFile(_folder["missing/zone-serial"], NullLoggerFactory.Instance));
        zones.Publish(new RealmRecord("a.example.com", 5060));
        Assert.Equal(1, zones.Current.RealmCount);
    }

    private ZonePublisher Open(TimeProvider? time = null) => new("example.com", time ?? _time, new SerialFile(Path, NullLoggerFactory.Instance));
}
