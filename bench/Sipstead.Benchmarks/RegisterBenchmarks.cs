using System.Text;
using BenchmarkDotNet.Attributes;
using Sipstead.Registrar;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;

namespace Sipstead.Benchmarks;

/// <summary>The hot path in its parts, and whole: from the octets of a refresh to those of its 200, without sockets and disk.</summary>
[MemoryDiagnoser]
public class RegisterBenchmarks
{
    private const int Requests = 16_384;

    private readonly SipMessage _message = new();
    private readonly SipReply _reply = new();
    private readonly byte[] _out = new byte[4096];
    private readonly DigestCalculator _calculator = new();
    private readonly SipFlow _flow = RegistrarHarness.Flow();
    private RegistrarHarness _harness = null!;
    private byte[][] _refreshes = [];
    private byte[] _first = [];
    private byte[] _authorization = [];
    private byte[] _realm = [];
    private readonly byte[] _nonce = new byte[NonceFactory.TextLength];
    private long _alice;

    [GlobalSetup]
    public void Setup()
    {
        _harness = new RegistrarHarness(new RegistrarOptions { Limits = new() { RegisterBurst = int.MaxValue } }); // one user stands for many
        _harness.Journal.IsCounting = true;
        var realm = _harness.AddRealm();
        _realm = Encoding.ASCII.GetBytes(realm);
        _alice = _harness.AddCredential(realm, "alice", "secret");
        var device = new ScriptedDevice(_harness, realm, "alice", "secret");
        const string headers = "Contact: <sip:alice@192.0.2.10:40000;ob>\r\nExpires: 300\r\nUser-Agent: Phone/1.0\r\n"
            + "Allow: PRACK, INVITE, ACK, BYE, CANCEL, UPDATE, INFO, SUBSCRIBE, NOTIFY, REFER, MESSAGE, OPTIONS\r\n";
        _first = Encoding.Latin1.GetBytes(device.Build(headers));
        device.Request(headers);
        _refreshes = Enumerable.Range(0, Requests).Select(_ => Encoding.Latin1.GetBytes(device.Build(headers))).ToArray();
        SipParser.TryParseDatagram(_refreshes[0], 0, _refreshes[0].Length, _message);
        _authorization = _message.Value(HeaderId.Authorization).ToArray();
        _harness.Nonces.Create((uint)(_harness.Clock.NowMs / 1000), _realm, _nonce);
    }

    [Benchmark]
    public bool Parse() => SipParser.TryParseDatagram(_refreshes[0], 0, _refreshes[0].Length, _message) && SipRequest.TryRead(_message, out _, out _);

    [Benchmark]
    public bool DigestCredentialsAndResponse() =>
        DigestCredentials.TryParse(_authorization, out var digest) && DigestValue.FixedTimeEquals(_calculator.Response(new(UInt128.One), "REGISTER"u8, default, digest), digest.Response);

    [Benchmark]
    public bool NonceCheck() => _harness.Nonces.TryRead(_nonce, _realm, out _);

    /// <summary>A REGISTER without credentials, to its 401.</summary>
    [Benchmark]
    public int Challenge() => Run(_first);

    /// <summary>A refresh to its 200, each with a nonce count, CSeq and branch of its own.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public int Refresh()
    {
        var octets = 0;
        foreach (var request in _refreshes) octets += Run(request);
        return octets;
    }

    /// <summary>Forgets the device, so that the nonce counts of the next round are new.</summary>
    [IterationSetup(Target = nameof(Refresh))]
    public void ForgetDevice() => _harness.Locations.Forget(_alice);

    private int Run(byte[] request)
    {
        SipParser.TryParseDatagram(request, 0, request.Length, _message);
        _reply.Reset(_out, _flow.Source);
        _harness.Receiver.Receive(_message, _flow, _reply);
        _harness.Receiver.Commit();
        return _reply.Writer.Length;
    }
}
