using Sipstead.Testing.Registrar;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>A realm with the user alice, and a device of hers.</summary>
public abstract class RegistrationFixture : IDisposable
{
    protected const string Phone = "<sip:alice@192.0.2.10:40000>";

    private protected RegistrationFixture()
    {
        Realm = Harness.AddRealm();
        Alice = Harness.AddCredential(Realm, "alice", "secret");
        Device = NewDevice();
    }

    private protected RegistrarHarness Harness { get; } = new();

    private protected string Realm { get; }

    /// <summary>Id of her credential.</summary>
    private protected long Alice { get; }

    private protected ScriptedDevice Device { get; }

    public void Dispose()
    {
        Harness.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ScriptedDevice NewDevice(string source = "192.0.2.10:40000") =>
        new(Harness, Realm, "alice", "secret") { Flow = RegistrarHarness.Flow(source) };
}
