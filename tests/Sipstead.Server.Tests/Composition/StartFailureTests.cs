using System.Net;
using System.Net.Sockets;
using Sipstead.Testing;
using Sipstead.Testing.Tls;

namespace Sipstead.Server.Tests.Composition;

/// <summary>What an operator can mend is told in one line, with exit code 1 and without a stack trace.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public StartFailureTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_SecondOnTheSameFolder_SaysWhoHoldsIt()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        await ShouldFailAsync(new ServerSetup(_folder["data"]), "is in use by another running server");
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Start_SipPortTaken_NamesTransportAndSetting(string transport)
    {
        using var holder = Hold(transport, _setup.SipPort);

        await ShouldFailAsync(_setup, $"SIP cannot listen on {transport.ToUpperInvariant()} 127.0.0.1:{_setup.SipPort}: the port is taken.", "Sipstead__Sip__Port");
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Start_DnsPortTaken_NamesItsSetting(string transport)
    {
        using var holder = Hold(transport, _setup.DnsPort);

        await ShouldFailAsync(_setup, $"DNS cannot listen on 127.0.0.1:{_setup.DnsPort}", "Sipstead:Dns:Port");
    }

    [Fact]
    public async Task Start_HttpPortTaken_NamesItsSetting()
    {
        using var holder = Hold("tcp", _setup.HttpPort);

        await ShouldFailAsync(_setup, $"HTTP cannot listen on {_setup.HttpAddress}", "the port is taken", "Sipstead__Http__Url");
    }

    [Fact]
    public async Task Start_HttpAddressOfNobody_NamesItsSetting() => await ShouldFailAsync(
        _setup.With("Sipstead__Http__Url", $"http://192.0.2.1:{_setup.HttpPort}"), "no network interface has this address", "Sipstead__Http__Url");

    [Fact]
    public async Task Start_SipAddressOfNobody_NamesItsSetting() =>
        await ShouldFailAsync(_setup.With("Sipstead__Sip__Address", "192.0.2.1"), "no network interface has this address", "Sipstead__Sip__Address");

    [Fact]
    public async Task Start_DataFolderBelowAFile_SaysSo()
    {
        var file = _folder.Write("file", "not a folder");

        await ShouldFailAsync(_setup with { DataDirectory = Path.Combine(file, "data") }, $"The data folder {file}/data cannot be made");
    }

    [Fact]
    public async Task Start_DataFolderIsAFile_SaysSo()
    {
        var file = _folder.Write("file", "not a folder");

        await ShouldFailAsync(_setup with { DataDirectory = file }, $"The data folder {file} cannot be made");
    }

    [Fact]
    public async Task Start_DataFolderOfAnotherUser_SaysSo()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root reads and writes every folder");
        Directory.CreateDirectory(_folder["data"], UnixFileMode.UserRead);

        await ShouldFailAsync(_setup, "cannot be read and written by this user");
    }

    [Fact]
    public async Task Start_DatabaseIsNone_NamesTheFile()
    {
        Directory.CreateDirectory(_folder["data"]);
        _folder.Write("data/sipstead.db", new string('x', 8192));

        await ShouldFailAsync(_setup, $"The database {_folder["data"]}/sipstead.db cannot be opened");
    }

    [Fact]
    public async Task Start_DatabaseDamagedInside_NamesTheFile()
    {
        await using (var server = await ServerProcess.StartAsync(_setup, Cancel))
        {
            var realm = await server.Client.CreateRealmAsync("office", Cancel);
            await server.Client.CreateCredentialsAsync(realm, Enumerable.Range(0, 500).Select(i => $"user{i}"), "password", Cancel);
            await server.StopAsync(Poll.DefaultDeadline, Cancel);
        }

        var path = _folder["data/sipstead.db"];
        File.Delete(path + "-wal");
        var octets = await File.ReadAllBytesAsync(path, Cancel);
        octets.AsSpan(4096).Fill(0xA5); // all pages after the first, which holds the header and the schema
        await File.WriteAllBytesAsync(path, octets, Cancel);

        await ShouldFailAsync(_setup, $"The database {path} cannot be opened");
    }

    [Fact]
    public async Task Start_JournalFolderIsAFile_SaysSo()
    {
        Directory.CreateDirectory(_folder["data"]);
        _folder.Write("data/bindings", "not a folder");

        await ShouldFailAsync(_setup, _folder["data/bindings"]);
    }

    [Fact]
    public async Task Start_WrongSettings_TellsEachOnALine()
    {
        var result = await ServerProcess.RunAsync(
            _setup.With("Sipstead__Registrar__MaxContacts", "0").With("Sipstead__Sip__Prot", "5060"), [], Cancel);

        Assert.Equal(1, result.ExitCode);
        var lines = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("Sipstead:", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_BrokenSettingsFile_NamesFileAndPlace()
    {
        var path = _folder.Write("sipstead.json", "{ \"Sipstead\": { \"Sip\": ");

        await ShouldFailAsync(_setup with { WorkingDirectory = _folder.Path }, $"{path} is not valid JSON", "LineNumber");
    }

    [Fact]
    public async Task Start_TlsKeyOfAnotherCertificate_NamesBothFiles()
    {
        using var authority = new TestAuthority();
        TestAuthority.Write(authority.Issue(["a.example"]), _folder["a.pem"], _folder["a.key"]);
        TestAuthority.Write(authority.Issue(["a.example"]), _folder["b.pem"], _folder["b.key"]);

        await ShouldFailAsync(
            _setup.With("Sipstead__Tls__Certificate", _folder["a.pem"]).With("Sipstead__Tls__Key", _folder["b.key"]),
            $"Sipstead:Tls:Key is \"{_folder["b.key"]}\"", "does not fit", _folder["a.pem"]);
    }

    [Fact]
    public async Task Start_TlsPortTaken_NamesItsSetting()
    {
        using var holder = Hold("tcp", _setup.TlsPort);

        await ShouldFailAsync(_setup, $"SIP cannot listen on TLS 127.0.0.1:{_setup.TlsPort}: the port is taken.", "Sipstead__Sip__TlsPort");
    }

    [Fact]
    public async Task Start_SettingsFile_IsReadAndTheEnvironmentWins()
    {
        _folder.Write("sipstead.json", """{ "Sipstead": { "Sip": { "Port": 1 }, "Registrar": { "MaxContacts": 0 } } }""");

        await ShouldFailAsync(_setup with { WorkingDirectory = _folder.Path }, "Sipstead:Registrar:MaxContacts is 0");
    }

    private static Socket Hold(string transport, int port)
    {
        var socket = transport == "tcp"
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        if (transport == "tcp") socket.Listen();
        return socket;
    }

    private static async Task ShouldFailAsync(ServerSetup setup, params string[] words)
    {
        var result = await ServerProcess.RunAsync(setup, [], Cancel);

        Assert.True(result.ExitCode == 1, result.ToString());
        var told = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !IsLog(line)).ToList();
        Assert.True(told.Count == 1, result.ToString());
        Assert.All(words, word => Assert.Contains(word, told[0], StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>What was logged before the failure, such as the listeners that did open: <c>12:00:00 info: ...</c>.</summary>
    private static bool IsLog(string line) => line.Length > 9 && line[2] == ':' && line[5] == ':';
}
