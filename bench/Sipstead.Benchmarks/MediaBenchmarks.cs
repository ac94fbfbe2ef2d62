using System.Diagnostics.Metrics;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Sdp;

namespace Sipstead.Benchmarks;

/// <summary>What a call's media costs: one frame of a leg whole, over sockets of loopback, and its parts.</summary>
[MemoryDiagnoser]
public class MediaBenchmarks
{
    private const int Legs = 100;

    private readonly short[] _frame = new short[AudioFormat.FrameSamples];
    private readonly byte[] _codes = new byte[AudioFormat.FrameSamples];
    private readonly JitterBuffer _jitter = new();
    private readonly SdpNegotiator _negotiator = new(IPAddress.Loopback, 20_000, AudioCodec.All);
    private readonly Meters _meters = new();
    private readonly byte[] _offer = new SdpNegotiator(IPAddress.Loopback, 30_000, AudioCodec.All).Offer();
    private MediaEngine _engine = null!;
    private uint _timestamp;
    private ushort _sequence;

    [GlobalSetup]
    public void Setup()
    {
        _engine = new MediaEngine(new MediaOptions(), TimeProvider.System, _meters, NullLoggerFactory.Instance);
        for (var i = 0; i < Legs; i += 2)
        {
            var (caller, callee) = (_engine.TryOpen(IPAddress.Loopback, IPAddress.Loopback)!, _engine.TryOpen(IPAddress.Loopback, IPAddress.Loopback)!);
            caller.AcceptAnswer(callee.Answer(caller.CreateOffer()).Sdp);
        }
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _engine.DisposeAsync();

    /// <summary>20 ms of one leg: receive calls, jitter buffer, codec both ways, send call.</summary>
    [Benchmark(OperationsPerInvoke = Legs)]
    public void FrameOfALeg() => _engine.Tick(skipped: 0);

    [Benchmark]
    public void Jitter()
    {
        _jitter.Write(_sequence++, _timestamp += AudioFormat.FrameSamples, _codes, AudioCodec.Pcmu, isTalkStart: false);
        _jitter.Read(_frame);
    }

    [Benchmark]
    public void Encode() => G711.EncodeMuLaw(_frame, _codes);

    [Benchmark]
    public void Decode() => G711.DecodeMuLaw(_codes, _frame);

    [Benchmark]
    public byte[]? Answer() => _negotiator.Answer(_offer).Sdp;

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
