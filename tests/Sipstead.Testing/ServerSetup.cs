using System.Globalization;

namespace Sipstead.Testing;

/// <summary>What a server under test is started with: a data folder, free ports on loopback, a known password.</summary>
public sealed record ServerSetup(string DataDirectory)
{
    public const long Account = 9_900_000;
    public const string UserName = "admin";
    public const string Password = "correct horse battery";

    public int HttpPort { get; init; } = FreePort.Take();

    public int SipPort { get; init; } = FreePort.Take();

    public int TlsPort { get; init; } = FreePort.Take();

    public int DnsPort { get; init; } = FreePort.Take();

    /// <summary>First of ten ports for further accounts.</summary>
    public int FirstAccountPort { get; init; } = FreePort.TakeRange(10);

    /// <summary>Settings besides the ones above, by environment variable; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>The folder that the server is started in; null for one without a sipstead.json.</summary>
    public string? WorkingDirectory { get; init; }

    public Uri HttpAddress => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HttpPort}"));

    /// <summary>What the program is started by, before its own arguments.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = ["dotnet"];

    /// <summary>The same with one more setting.</summary>
    public ServerSetup With(string variable, string? value) => this with { Settings = new Dictionary<string, string?>(Settings) { [variable] = value } };

    /// <summary>A client for the first account.</summary>
    public ApiClient CreateClient(long account = Account, string userName = UserName, string password = Password) =>
        new(HttpAddress, account, userName, password);

    /// <summary>The environment of the server's process.</summary>
    public IReadOnlyDictionary<string, string?> Environment()
    {
        var environment = new Dictionary<string, string?>
        {
            ["Sipstead__DataDirectory"] = DataDirectory,
            ["Sipstead__Http__Url"] = HttpAddress.ToString(),
            ["Sipstead__Sip__Address"] = "127.0.0.1",
            ["Sipstead__Sip__Port"] = SipPort.ToString(CultureInfo.InvariantCulture),
            ["Sipstead__Sip__TlsPort"] = TlsPort.ToString(CultureInfo.InvariantCulture),
            ["Sipstead__Sip__AccountPorts"] = string.Create(CultureInfo.InvariantCulture, $"{FirstAccountPort}-{FirstAccountPort + 9}"),
            ["Sipstead__Rtp__Ports"] = "12000-19999", // below the ports that tests take
            ["Sipstead__Dns__Port"] = DnsPort.ToString(CultureInfo.InvariantCulture),
            ["Sipstead__Bootstrap__Password"] = Password,
        };
        foreach (var (variable, value) in Settings) environment[variable] = value;
        return environment;
    }
}
