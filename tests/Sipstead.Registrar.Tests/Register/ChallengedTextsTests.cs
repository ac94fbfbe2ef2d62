using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Registrar.Register;
using Xunit;

namespace Sipstead.Registrar.Tests.Register;

public sealed class ChallengedTextsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly ChallengedTexts _texts;
    private long _evicted;

    public ChallengedTextsTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "sipstead.registrar.challenged_texts.evicted") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => _evicted += count);
        _listener.Start();
        _texts = new ChallengedTexts(new RegistrarMetrics(meters));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(8UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 7)]
    [InlineData(0x0123_4567_89AB_CDEFUL)]
    public void ATextThatWasAdded_IsKnown(ulong hash)
    {
        Assert.False(_texts.Contains(hash));
        _texts.Add(hash);
        Assert.True(_texts.Contains(hash));
        Assert.False(_texts.Contains(hash ^ 1UL << 40));
    }

    [Fact]
    public void NoText_IsNeverKnown()
    {
        Assert.False(_texts.Contains(0));
        _texts.Add(0);
        Assert.False(_texts.Contains(0));
    }

    [Fact]
    public void AThirdOfTheCapacity_IsKept_NearlyWhole()
    {
        var random = new Random(1);
        var hashes = Enumerable.Range(0, ChallengedTexts.Capacity / 3).Select(_ => (ulong)random.NextInt64()).ToList();
        hashes.ForEach(_texts.Add);
        Assert.InRange(hashes.Count(_texts.Contains), hashes.Count * 99 / 100, hashes.Count);
    }

    [Fact]
    public void TextsThatNeverComeAgain_MakeRoomForThoseInUse()
    {
        var random = new Random(1);
        for (var i = 0; i < 4 * ChallengedTexts.Capacity; i++) _texts.Add((ulong)random.NextInt64());
        var inUse = Enumerable.Range(0, ChallengedTexts.Capacity / 3).Select(_ => (ulong)random.NextInt64()).ToList();
        for (var round = 0; round < 2; round++) inUse.ForEach(_texts.Add);
        Assert.InRange(inUse.Count(_texts.Contains), inUse.Count * 99 / 100, inUse.Count);
    }

    [Fact]
    public void AFlood_PushesOthersOut_WhichIsCounted()
    {
        var random = new Random(1);
        for (var i = 0; i < 4 * ChallengedTexts.Capacity; i++) _texts.Add((ulong)random.NextInt64());
        Assert.InRange(_evicted, 3 * ChallengedTexts.Capacity, 4 * ChallengedTexts.Capacity);
        _texts.Add(7_777);
        Assert.True(_texts.Contains(7_777));
    }
}
