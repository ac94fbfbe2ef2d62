using Sipstead.Registrar.History;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.History;

/// <summary>What could not be written to the journal has not happened: the history says StoreFailed, never Registered.</summary>
public sealed class DurabilityOfEntriesTests : IDisposable
{
    private const string Phone = "<sip:alice@192.0.2.10:40000>";

    private readonly RegistrarHarness _harness = new(new RegistrarOptions { MaxContacts = 1 });
    private readonly long _alice;
    private readonly ScriptedDevice _device;

    public DurabilityOfEntriesTests()
    {
        var realm = _harness.AddRealm();
        _alice = _harness.AddCredential(realm, "alice", "secret");
        _device = new ScriptedDevice(_harness, realm, "alice", "secret");
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void FirstRegistration_ThatIsNotWritten_ReadsStoreFailed_AndRegisteredWhenItIs()
    {
        _harness.Journal.IsBroken = true;
        Assert.Equal(503, _device.Register(Phone, 600, "User-Agent: Test Phone 1.0\r\n").Status);
        _harness.Journal.IsBroken = false;
        Assert.Equal(200, _device.Repeat().Status);

        var entries = _harness.History.OfCredential(_alice);
        Assert.Equal([RegistrationOutcome.Registered, RegistrationOutcome.StoreFailed], entries.Select(attempt => attempt.Outcome));
        Assert.Equal((503, "Test Phone 1.0", "sip:alice@192.0.2.10:40000"), (entries[1].Status, entries[1].UserAgent, entries[1].Contact));
    }

    [Fact]
    public void Refresh_ThatIsNotWritten_ReadsStoreFailed()
    {
        _device.Register(Phone);
        _harness.Journal.IsBroken = true;
        Assert.Equal(503, _device.SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Equal([RegistrationOutcome.StoreFailed, RegistrationOutcome.Registered], Outcomes());
    }

    [Fact]
    public void ContactThatWouldHaveMadeRoom_StaysUnmentioned()
    {
        _device.Register(Phone);
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Journal.IsBroken = true;
        Assert.Equal(503, _device.SendOnce("Contact: <sip:alice@192.0.2.99>\r\n").Status);
        Assert.Equal([RegistrationOutcome.StoreFailed, RegistrationOutcome.Registered], Outcomes());
    }

    private IEnumerable<RegistrationOutcome> Outcomes() => _harness.History.OfCredential(_alice).Select(attempt => attempt.Outcome);
}
