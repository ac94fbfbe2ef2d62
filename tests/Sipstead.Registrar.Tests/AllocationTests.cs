using System.Diagnostics.Metrics;
using System.Text;
using Sipstead.Provisioning.Realms;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests;

/// <summary>Ruling 42: the hot path does not allocate, from the octets of the request to those of the answer, digest and journal record included.</summary>
public sealed class AllocationTests
{
    /// <summary>The warm-up, and all rounds that may be needed.</summary>
    private const int MaxRounds = 5;

    [Theory]
    [InlineData("192.0.2.10:40000", "<sip:alice@192.0.2.10:40000;ob>", "MD5", "")]
    [InlineData("192.0.2.10:40000", "<sip:alice@192.0.2.10:40000;ob>", "MD5", "", true)]
    [InlineData("[2001:db8::10]:40000", "<sip:alice@[2001:db8::10]:40000;ob>", "MD5", "")]
    [InlineData("192.0.2.10:40000", "<sip:alice@192.0.2.10:40000;ob>", "SHA-256", "")]
    [InlineData("192.0.2.10:40000", "<sip:alice@192.0.2.10:40000;ob>", "SHA-512-256", "")]
    [InlineData(
        "192.0.2.10:40000", "<sip:alice@192.0.2.10:40000;ob>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\";reg-id=1", "MD5",
        "Supported: path, outbound, gruu\r\nPath: <sip:edge.example.net;lr;ob>\r\n")]
    public void Refresh_OfADevice_DoesNotAllocate(string source, string contact, string algorithm, string extensions, bool readsAllWhole = false)
    {
        using var harness = new RegistrarHarness(new RegistrarOptions { Limits = new() { RegisterBurst = MaxRounds * Allocations.Calls * 2 } });
        using var listener = Listen();
        var realm = harness.AddRealm(algorithms: DigestAlgorithmNames.Parse(algorithm)!.Value);
        var alice = harness.AddFullCredential(realm, "alice", "secret");
        var device = new ScriptedDevice(harness, realm, "alice", "secret") { Flow = RegistrarHarness.Flow(source), Algorithm = algorithm };
        var first = device.Register(contact, 600, extensions);
        Assert.Equal((200, extensions.Length > 0), (first.Status, first.Contacts.Single().Contains(";temp-gruu=", StringComparison.Ordinal)));

        // Every request is new, as a phone's are: CSeq, branch, nonce count and digest differ.
        var headers = $"Contact: {contact}\r\nExpires: 600\r\nUser-Agent: Test Phone 1.0\r\n{extensions}";
        var requests = Enumerable.Range(0, MaxRounds * Allocations.Calls).Select(_ => Encoding.Latin1.GetBytes(device.Build(headers))).ToArray();
        var loop = new ReceivingLoop(harness, device.Flow, readsAllWhole);
        harness.Journal.IsCounting = true;
        var next = 0;
        var answered = 0;
        var allocated = Allocations.Of(() =>
        {
            if (loop.Run(requests[next++])) answered++;
        });
        Assert.Equal(next, answered);
        Assert.Equal(0, allocated);
        Assert.Equal(extensions.Length == 0 && !readsAllWhole ? next - 1 : 0, loop.Repeats); // the first one has a User-Agent, the registration had none
        Assert.Equal(600, harness.Bindings(alice).Single().ExpiresIn);
        Assert.Single(harness.History.OfCredential(alice)); // the first registration: history and trace had their say each time
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Challenge_DoesNotAllocate(bool readsAllWhole)
    {
        using var harness = new RegistrarHarness();
        using var listener = Listen();
        var device = new ScriptedDevice(harness, harness.AddRealm(algorithms: DigestAlgorithms.Sha256 | DigestAlgorithms.Md5), "alice", "secret");
        var request = Encoding.Latin1.GetBytes(device.Build("Contact: <sip:alice@192.0.2.10>\r\n"));
        var loop = new ReceivingLoop(harness, device.Flow, readsAllWhole);
        Assert.Equal(0, Allocations.Of(() => loop.Run(request)));
        Assert.Equal(readsAllWhole, loop.Repeats == 0);
    }

    [Fact]
    public void StaleChallenge_DoesNotAllocate()
    {
        using var harness = new RegistrarHarness();
        using var listener = Listen();
        var realm = harness.AddRealm();
        var alice = harness.AddCredential(realm, "alice", "secret");
        var device = new ScriptedDevice(harness, realm, "alice", "secret");
        device.Register("<sip:alice@192.0.2.10>", 7200);
        harness.Time.Advance(TimeSpan.FromSeconds(harness.Options.NonceLifetime + 1));
        var request = Encoding.Latin1.GetBytes(device.Build("Contact: <sip:alice@192.0.2.10>\r\n"));
        var loop = new ReceivingLoop(harness, device.Flow);
        Assert.Equal(0, Allocations.Of(() => loop.Run(request)));
        Assert.Single(harness.History.OfCredential(alice));
    }

    /// <summary>Somebody takes the measurements, as in the running server: counting must not allocate either.</summary>
    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name.StartsWith("Sipstead.", StringComparison.Ordinal)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    /// <summary>What a listener does with each datagram.</summary>
    private sealed class ReceivingLoop(RegistrarHarness harness, SipFlow flow, bool readsAllWhole = false)
    {
        private readonly SipMessage _message = new();
        private readonly SipReply _reply = new();
        private readonly byte[] _out = new byte[4096];

        /// <summary>How many took the short way.</summary>
        public int Repeats { get; private set; }

        /// <summary>True when the answer is 200.</summary>
        public bool Run(byte[] request)
        {
            _reply.Reset(_out, flow.Source);
            if (!readsAllWhole && harness.Receiver.TryReceiveRepeat(request, 0, request.Length, flow, _reply))
            {
                Repeats++;
            }
            else
            {
                SipParser.TryParseDatagram(request, 0, request.Length, _message);
                harness.Receiver.Receive(_message, flow, _reply);
            }

            return harness.Receiver.Commit() && _reply.Writer.Written.StartsWith("SIP/2.0 200"u8);
        }
    }
}
