using BenchmarkDotNet.Attributes;
using Sipstead.Media.Rtp;
using Sipstead.Media.Srtp;

namespace Sipstead.Benchmarks;

/// <summary>What SRTP costs for a packet of 20 ms of G.711: to send one, to take one, and to drop a forged one.</summary>
[MemoryDiagnoser]
public class SrtpBenchmarks
{
    private const int PacketSize = 172;

    private readonly byte[] _octets = new byte[PacketSize + SrtpSuite.MaxOverhead];
    private readonly byte[] _forged = new byte[PacketSize + SrtpSuite.MaxOverhead];
    private SrtpSuite _suite = null!;
    private SrtpSender _sender = null!;
    private SrtpReceiver _receiver = null!;
    private ushort _sequence;

    [Params("AES_CM_128_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_80", "AEAD_AES_128_GCM")]
    public string Suite { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _suite = SrtpSuite.Find(Suite)!;
        var key = SrtpKey.Create(_suite);
        _sender = new SrtpSender(key);
        _receiver = new SrtpReceiver(key);
        RtpPacket.WriteHeader(_forged, 0, false, 1, 0, 7);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Benchmark]
    public bool Protect()
    {
        RtpPacket.WriteHeader(_octets, 0, false, _sequence++, 0, 7);
        var length = PacketSize;
        return _sender.TryProtect(_octets, ref length);
    }

    /// <summary>Sent and taken: each packet can be taken once only.</summary>
    [Benchmark]
    public bool ProtectAndUnprotect()
    {
        RtpPacket.WriteHeader(_octets, 0, false, _sequence++, 0, 7);
        var length = PacketSize;
        return _sender.TryProtect(_octets, ref length) && _receiver.Unprotect(_octets.AsSpan(0, length), out _) == PacketFate.Taken;
    }

    [Benchmark]
    public bool DropForged() => _receiver.Unprotect(_forged.AsSpan(0, PacketSize + _suite.TagLength), out _) == PacketFate.Taken;
}
