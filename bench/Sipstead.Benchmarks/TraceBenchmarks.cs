using System.Diagnostics.Metrics;
using System.Text;
using BenchmarkDotNet.Attributes;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;

namespace Sipstead.Benchmarks;

/// <summary>What it costs to keep a message in the trace, beside parsing the same message.</summary>
[MemoryDiagnoser]
public class TraceBenchmarks
{
    private const int Devices = 100_000;

    private readonly byte[] _register = Encoding.ASCII.GetBytes(
        "REGISTER sip:office.auth.example.net SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:40000;branch=z9hG4bKnashds7;rport\r\nMax-Forwards: 70\r\n"
        + "From: <sip:alice@office.auth.example.net>;tag=456248\r\nTo: <sip:alice@office.auth.example.net>\r\nCall-ID: 843817637684230@998sdasdh09\r\n"
        + "CSeq: 1826 REGISTER\r\nContact: <sip:alice@192.0.2.10:40000;ob>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000aacc0ffee>\";reg-id=1\r\n"
        + "Expires: 600\r\nUser-Agent: Phone/1.0\r\nAuthorization: Digest username=\"alice\", realm=\"office.auth.example.net\", "
        + "nonce=\"aaqG9QAAAAAAAAPpnPMZCK5Wwq4vJ1nCEvsx2g\", uri=\"sip:office.auth.example.net\", response=\"6629fae49393a05397450978507c4ef1\", "
        + "algorithm=MD5, qop=auth, nc=00000002, cnonce=\"0a4f113b\"\r\nContent-Length: 0\r\n\r\n");

    private readonly byte[] _masked;
    private readonly SipMessage _message = new();
    private readonly SipFlow _flow = RegistrarHarness.Flow();
    private readonly Meters _meters = new();
    private SipTrace _trace = null!;
    private long _count;

    public TraceBenchmarks() => _masked = [.. _register];

    [GlobalSetup]
    public void Setup()
    {
        _trace = new SipTrace(TimeProvider.System, new SipMetrics(_meters));
        for (var i = 0; i < Devices * 2; i++) Record(); // a ring that is full
    }

    [Benchmark(Baseline = true)]
    public bool Parse() => SipParser.TryParseDatagram(_register, 0, _register.Length, _message) && SipRequest.TryRead(_message, out _, out _);

    /// <summary>A part of it: to find and mask the secrets.</summary>
    [Benchmark]
    public void Hide() => SecretMask.Apply(_masked);

    /// <summary>Each time of another device and call, as is worst for the index.</summary>
    [Benchmark]
    public void Record()
    {
        _count++;
        _trace.Record(new(1, 1 + (_count % Devices), 1 + (_count % Devices)), TraceDirection.Received, _flow, _register);
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
