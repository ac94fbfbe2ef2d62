using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Registrar.KeepAlive;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.KeepAlive;

/// <summary>Ruling 13.</summary>
public sealed class NatKeepAliveTests
{
    [Fact]
    public void DeviceBehindNat_GetsOneKeepAliveAnInterval_FromItsOwnSocket()
    {
        using var setup = new Setup(new RegistrarOptions());
        var nat = RegistrarHarness.Flow("203.0.113.5:61234");
        setup.Register("<sip:alice@192.168.1.20:5060>", nat);
        setup.Pass(TimeSpan.FromSeconds(25));
        Assert.Equal([(nat, "\r\n\r\n")], setup.Harness.Flows.Sent);
        setup.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(3, setup.Harness.Flows.Sent.Count);
    }

    [Fact]
    public void DeviceWithoutNat_OverTcp_OrExpired_GetsNone()
    {
        using var setup = new Setup(new RegistrarOptions());
        setup.Register("<sip:a@203.0.113.5:61234>", RegistrarHarness.Flow("203.0.113.5:61234"));
        setup.Register("<sip:b@192.168.1.20:5060>", RegistrarHarness.Flow("203.0.113.6:61234", SipTransport.Tcp, 5));
        setup.Register("<sip:c@192.168.1.20:5061>;expires=60", RegistrarHarness.Flow("203.0.113.7:61234"));
        setup.Pass(TimeSpan.FromSeconds(65));
        var before = setup.Harness.Flows.Sent.Count;
        Assert.All(setup.Harness.Flows.Sent, sent => Assert.Equal("203.0.113.7:61234", sent.Flow.Source.ToString()));
        setup.Pass(TimeSpan.FromSeconds(100));
        Assert.Equal(before, setup.Harness.Flows.Sent.Count);
    }

    [Fact]
    public void Options_AreWholeRequestsToTheContact()
    {
        using var setup = new Setup(new RegistrarOptions { KeepAlive = KeepAliveMethod.Options });
        setup.Register("<sip:alice@192.168.1.20:5060;line=1>", RegistrarHarness.Flow("203.0.113.5:61234"));
        setup.Pass(TimeSpan.FromSeconds(25));
        var octets = System.Text.Encoding.Latin1.GetBytes(Assert.Single(setup.Harness.Flows.Sent).Message);
        var message = new Sip.Messages.SipMessage();
        Assert.True(Sip.Parsing.SipParser.TryParseDatagram(octets, 0, octets.Length, message));
        Assert.True(Sip.Messages.SipRequest.TryRead(message, out var request, out _));
        Assert.Equal("sip:alice@192.168.1.20:5060;line=1", System.Text.Encoding.ASCII.GetString(request.Uri.Text));
        Assert.True(request.Via.WantsRport);
    }

    [Fact]
    public void RealmSwitchedOff_OrAllOff_GetsNone()
    {
        foreach (var options in new[]
        {
            new RegistrarOptions { KeepAlive = KeepAliveMethod.Off },
            new RegistrarOptions { RealmsWithoutKeepAlive = ["Office.3efeaa.auth.example.net"] },
        })
        {
            using var setup = new Setup(options);
            setup.Register("<sip:alice@192.168.1.20:5060>", RegistrarHarness.Flow("203.0.113.5:61234"));
            setup.Pass(TimeSpan.FromSeconds(60));
            Assert.Empty(setup.Harness.Flows.Sent);
        }
    }

    private sealed class Setup : IDisposable
    {
        private readonly NatKeepAlive _keepAlive;
        private readonly string _realm;

        public Setup(RegistrarOptions options)
        {
            Harness = new RegistrarHarness(options);
            _realm = Harness.AddRealm();
            Harness.AddCredential(_realm, "alice", "p");
            _keepAlive = new NatKeepAlive(
                options, Harness.Locations, Harness.View, Harness.Flows, Harness.Clock, Harness.Metrics, Harness.Time, NullLogger.Instance);
        }

        public RegistrarHarness Harness { get; }

        public void Register(string contact, SipFlow flow) =>
            Assert.Equal(200, new ScriptedDevice(Harness, _realm, "alice", "p") { Flow = flow }.Register(contact).Status);

        public void Pass(TimeSpan time) => Harness.Time.Advance(time);

        public void Dispose()
        {
            _keepAlive.Dispose();
            Harness.Dispose();
        }
    }
}
