using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Audio;

namespace Sipstead.Benchmarks;

/// <summary>What the mix of a conference costs for each member, beside the member's own leg (<see cref="MediaBenchmarks.FrameOfALeg"/>).</summary>
[MemoryDiagnoser]
public class ConferenceBenchmarks
{
    private readonly Meters _meters = new();
    private readonly short[] _frame = new short[AudioFormat.FrameSamples];
    private MixerSeat[] _seats = [];
    private MediaEngine _engine = null!;
    private ConferenceMixer _mixer = null!;

    [Params(3, 20)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _engine = new MediaEngine(new MediaOptions(), TimeProvider.System, _meters, NullLoggerFactory.Instance);
        _mixer = _engine.OpenMixer(20);
        _seats = [.. Enumerable.Range(0, Members).Select(_ => new MixerSeat())];
        _mixer.Arrange([.. _seats.Select(seat => new MixerPlace(seat, MixerRole.Speaker, false))]);
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_frame.AsSpan()));
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _engine.DisposeAsync();

    /// <summary>20 ms of a conference in which all speak: each says a frame, the mix is made, each is given its own.</summary>
    [Benchmark]
    public void FrameOfAConference()
    {
        foreach (var seat in _seats) seat.Write(_frame);
        _mixer.Beat();
        foreach (var seat in _seats) seat.Read(_frame);
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
