using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Sipp;

/// <summary>A device that SIPp plays: it is registered from a port of its own, on which it then takes a call.</summary>
internal sealed class SippPhone
{
    private readonly int _port;

    private SippPhone(int port) => _port = port;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Registers a device of the user, over UDP.</summary>
    public static async Task<SippPhone> RegisterAsync(InteropServer server, Subscriber user)
    {
        var phone = new SippPhone(FreePort.Take());
        var result = await SippRun.RunAsync(
            "register-only", "udp", server.Setup.SipPort, user.Realm.Fqdn, [Line(user)], Cancel, localPort: phone._port);
        Assert.True(result.ExitCode == 0, result.ToString());
        return phone;
    }

    /// <summary>Starts a scenario that takes one call, with a line of values where it needs any.</summary>
    public Task<SippRun> TakeCallAsync(string scenario, string values = "-") => SippRun.ListenAsync(scenario, _port, values, Cancel);

    /// <summary>Refuses one call with a status and reason.</summary>
    public Task<SippRun> RefuseCallAsync(string status) => SippRun.ListenAsync(
        "refuse", _port, "-", Cancel, text => text.Replace("486 Busy Here", status, StringComparison.Ordinal));

    /// <summary>Starts a scenario of a device of the user that calls +1 202 555 0123; <paramref name="more"/> are further fields of its line.</summary>
    public static SippRun Call(InteropServer server, Subscriber user, string scenario, string transport = "udp", params string[] more)
    {
        var realm = user.Realm.Fqdn;
        string[] fields = [Line(user), $"sip:2025550123@{realm}", .. more];
        return SippRun.Call(scenario, transport, server.Setup.SipPort, realm, [string.Join(';', fields)]);
    }

    private static string Line(Subscriber user) =>
        $"{user.UserName};[authentication username={user.UserName} password={user.Password}];{user.Realm.Fqdn}";
}
