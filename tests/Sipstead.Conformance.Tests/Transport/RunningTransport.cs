using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Sip.Admission;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Sip;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>The transport layer on loopback sockets and a free port, in front of a UAS that serves example.com, or of a receiver of the test's own.</summary>
internal sealed class RunningTransport : IAsyncDisposable
{
    /// <param name="port">0 for one that the system gives, and may give to others once it is free.</param>
    /// <param name="admission">Limits of sources; null for the defaults.</param>
    public RunningTransport(
        SipOptions? options = null, TimeProvider? time = null, Func<RunningTransport, ISipReceiver>? receiver = null, int port = 0,
        SourceAdmission? admission = null, ITlsCertificates? certificates = null)
    {
        Metrics = new SipMetrics(Meters);
        Layer = new SipTransportLayer(
            (options ?? new SipOptions { Address = "127.0.0.1" }) with { Port = port }, Metrics, time ?? TimeProvider.System, NullLoggerFactory.Instance,
            admission, certificates);
        Port = Layer.Start(new Factory(() => receiver?.Invoke(this) ?? NewUas()));
    }

    public SipTransportLayer Layer { get; }

    public CountingMeters Meters { get; } = new();

    public SipMetrics Metrics { get; }

    public int Port { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    public IPEndPoint TlsEndPoint => new(IPAddress.Loopback, Layer.TlsPort);

    /// <summary>Opens a further port, received on the pool; outside the range from which the system hands out ports, so that nobody else gets it.</summary>
    public int OpenFurtherPort()
    {
        for (var port = 20_000 + (Port % 10_000); ; port++)
        {
            try
            {
                Layer.OpenAccountPort(port);
                return port;
            }
            catch (SipBindException) when (port < 32_000)
            {
                // Taken: try the next.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Layer.DisposeAsync();
        Meters.Dispose();
    }

    private UasCore NewUas()
    {
        var options = new OptionsHandler(new ExampleDomain());
        var core = new UasCore([options], new NoBatch(), new ToTagFactory(), Metrics);
        options.Describe(core);
        return core;
    }

    private sealed class Factory(Func<ISipReceiver> create) : ISipReceiverFactory
    {
        public ISipReceiver Create() => create();
    }

    private sealed class ExampleDomain : IServedDomains
    {
        public bool Contains(ReadOnlySpan<byte> host) => System.Text.Ascii.EqualsIgnoreCase(host, "example.com"u8);
    }

    private sealed class NoBatch : IRequestBatch
    {
        public bool Commit() => true;
    }
}

/// <summary>A receiver that answers as its test says.</summary>
internal sealed class ScriptedReceiver(ScriptedReceiver.Answer answer, Func<bool>? commit = null) : ISipReceiver
{
    public delegate void Answer(SipMessage message, in SipFlow flow, SipReply reply);

    public void Receive(SipMessage message, in SipFlow flow, SipReply reply) => answer(message, flow, reply);

    public bool Commit() => commit?.Invoke() ?? true;

    public void Refuse(SipMessage message, in SipFlow flow, SipReply reply) => Write(message, flow, reply, 503);

    /// <summary>Writes a response that has nothing of its own.</summary>
    public static void Write(SipMessage message, in SipFlow flow, SipReply reply, int status) => new SipResponder(reply, message, flow, 1).Send(status);
}
