using System.Net;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Composition;

/// <summary>The first password goes to a terminal, else into a file that only the server's user reads (ruling 24).</summary>
public sealed class InitialPasswordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public InitialPasswordTests() => _setup = new ServerSetup(_folder["data"]).With("Sipstead__Bootstrap__Password", null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string PasswordFile => _folder["data/initial-password"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WithoutTerminal_WritesThePasswordToAPrivateFile()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PasswordFile));
        var password = (await File.ReadAllTextAsync(PasswordFile, Cancel)).TrimEnd('\n');
        Assert.DoesNotContain(password, server.Output + server.Log, StringComparison.Ordinal);
        Assert.Contains(PasswordFile, server.Output, StringComparison.Ordinal);
        using var client = _setup.CreateClient(password: password);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("realms", Cancel)).Status);
    }

    [Fact]
    public async Task Start_OverAFileThatOthersCouldRead_ProtectsIt()
    {
        Directory.CreateDirectory(_folder["data"]);
        _folder.Write("data/initial-password", "of an earlier life\n");
        File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PasswordFile));
    }

    [Fact]
    public async Task Restart_WritesNoPasswordAgain()
    {
        await using (var first = await ServerProcess.StartAsync(_setup, Cancel)) await first.StopAsync(Poll.DefaultDeadline, Cancel);
        File.Delete(PasswordFile);

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        Assert.False(File.Exists(PasswordFile));
        Assert.DoesNotContain("Password", server.Output.Split("Next,")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAPasswordGiven_WritesNone()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSetup(_folder["data"]), Cancel);

        Assert.False(File.Exists(PasswordFile));
        Assert.DoesNotContain(ServerSetup.Password, server.Output + server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DataFolder_IsPrivate()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["data"]));
        foreach (var file in Directory.EnumerateFiles(_folder["data"], "*", SearchOption.AllDirectories).Where(HoldsSecrets))
            Assert.Equal((file, UnixFileMode.None), (file, File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)));
    }

    private static bool HoldsSecrets(string file) => !file.EndsWith("lock", StringComparison.Ordinal) && !file.Contains("/bindings/", StringComparison.Ordinal);
}
