using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Registrar.History;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Registrar.Tests.History;

/// <summary>How registrations begin and end, as the history of a running registrar tells it.</summary>
public sealed class BindingHistoryTests : IDisposable
{
    private const string Phone = "<sip:alice@192.0.2.10:40000>";
    private const string Tablet = "<sip:alice@192.0.2.20:40000>";

    private readonly TemporaryFolder _folder = new();
    private readonly CountingMeters _meters = new();
    private readonly RegistrarHarness _harness = new();
    private readonly RegistrarService _registrar;
    private readonly string _realm;
    private readonly long _alice;

    public BindingHistoryTests()
    {
        _realm = _harness.AddRealm();
        _alice = _harness.AddCredential(_realm, "alice", "secret");
        _registrar = RegistrarService.Open(
            new RegistrarOptions { DataDirectory = _folder.Path, MaxContacts = 2, KeepAlive = KeepAliveMethod.Off }, _harness.View, _harness.Flows,
            new RegistrarMetrics(_meters), new SipMetrics(_meters), _harness.Sessions, _harness.Trace, _harness.Time, NullLoggerFactory.Instance);
        _harness.Receiver = _registrar.Receivers.Create();
    }

    public void Dispose()
    {
        _registrar.Dispose();
        _harness.Dispose();
        _meters.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void FirstRegistration_IsAnEntry_ItsRefreshesAreNot()
    {
        var device = NewDevice();
        Assert.Equal(200, device.Register(Phone, 600, "User-Agent: Test Phone 1.0\r\n").Status);
        for (var i = 0; i < 3; i++)
        {
            _harness.Time.Advance(TimeSpan.FromSeconds(300));
            Assert.Equal(200, device.Register(Phone, 600).Status);
        }

        var attempt = Assert.Single(Entries());
        Assert.Equal(
            (RegistrationOutcome.Registered, 200, "alice", "sip:alice@192.0.2.10:40000", "Test Phone 1.0", device.Flow.Source),
            (attempt.Outcome, attempt.Status, attempt.UserName, attempt.Contact, attempt.UserAgent, attempt.Source));
    }

    [Fact]
    public void FetchAndRepeat_AreNoEntries()
    {
        var device = NewDevice();
        device.Register(Phone);
        device.Repeat();
        device.SendOnce("");
        Assert.Equal([RegistrationOutcome.Registered], Outcomes());
    }

    [Fact]
    public void ExpiresZero_IsAnEntryForEachContactTakenBack_FromWhereItWasAsked()
    {
        NewDevice().Register($"{Phone}, {Tablet}", 600);
        var other = NewDevice("198.51.100.9:5060");
        Assert.Equal(200, other.Register($"{Phone};expires=0, <sip:never@192.0.2.99>;expires=0").Status);
        Assert.Equal(200, other.SendOnce("Contact: *\r\nExpires: 0\r\n").Status);
        Assert.Equal(
            [RegistrationOutcome.Unregistered, RegistrationOutcome.Unregistered, RegistrationOutcome.Registered, RegistrationOutcome.Registered], Outcomes());
        Assert.Equal(["sip:alice@192.0.2.20:40000", "sip:alice@192.0.2.10:40000"], Entries().Take(2).Select(attempt => attempt.Contact));
        Assert.All(Entries().Take(2), attempt => Assert.Equal(other.Flow.Source, attempt.Source));
    }

    [Fact]
    public void NewContactAtTheLimit_TellsWhichOneMadeRoom()
    {
        var device = NewDevice();
        foreach (var host in new[] { "192.0.2.1", "192.0.2.2", "192.0.2.3" })
        {
            Assert.Equal(200, device.Register($"<sip:alice@{host}>").Status);
            _harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var replaced = Entries().Single(attempt => attempt.Outcome == RegistrationOutcome.Replaced);
        Assert.Equal(("sip:alice@192.0.2.1", (int?)null), (replaced.Contact, replaced.Status));
    }

    [Fact]
    public void Expiry_IsAnEntry_AtTheNextSweep()
    {
        var device = NewDevice();
        device.Register(Phone, 60);
        _harness.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal([RegistrationOutcome.Expired, RegistrationOutcome.Registered], Outcomes());
        Assert.Equal((device.Flow.Source, "sip:alice@192.0.2.10:40000"), (Entries()[0].Source, Entries()[0].Contact));
    }

    [Fact]
    public void Removal_IsAnEntry()
    {
        NewDevice().Register(Phone);
        Assert.True(_registrar.Remove(_registrar.Find(_alice)[0]));
        Assert.Equal([RegistrationOutcome.Removed, RegistrationOutcome.Registered], Outcomes());
    }

    [Fact]
    public void Rotation_EndsWhatTheOldPasswordRegistered()
    {
        var device = NewDevice();
        device.Register(Phone);
        _harness.ChangePassword(_realm, _alice, "alice", "new secret");
        Assert.Equal(401, device.SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Equal([RegistrationOutcome.WrongPassword, RegistrationOutcome.Ended, RegistrationOutcome.Registered], Outcomes());
    }

    [Fact]
    public void Deletion_EndsTheRegistration_AndLeavesNothingOfOneThatHadNone()
    {
        var bob = _harness.AddCredential(_realm, "bob", "secret");
        NewDevice().Register(Phone);
        _harness.View.Realms.TryFind(System.Text.Encoding.ASCII.GetBytes(_realm), out var realm);
        _harness.View.RemoveCredential(realm!.AccountId, realm.Id, _alice);
        _harness.View.RemoveCredential(realm.AccountId, realm.Id, bob);
        Assert.Equal([RegistrationOutcome.Ended, RegistrationOutcome.Registered], Outcomes());
        Assert.Empty(_registrar.History.OfCredential(bob));
    }

    private ScriptedDevice NewDevice(string source = "192.0.2.10:40000") =>
        new(_harness, _realm, "alice", "secret") { Flow = RegistrarHarness.Flow(source) };

    private IReadOnlyList<RegistrationAttempt> Entries() => _registrar.History.OfCredential(_alice);

    private IEnumerable<RegistrationOutcome> Outcomes() => Entries().Select(attempt => attempt.Outcome);
}
