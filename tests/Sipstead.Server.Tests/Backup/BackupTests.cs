using System.Globalization;
using System.Net;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Backup;

/// <summary><c>sipstead backup</c> and <c>sipstead restore</c> as an operator runs them.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Password = "wonderland";
    private const int Phones = 60;

    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public BackupTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Archive => _folder["backup.tar.gz"];

    public void Dispose() => _folder.Dispose();

    /// <summary>While phones register and changes come in; what was acknowledged before the backup is in it.</summary>
    [Fact]
    public async Task Backup_UnderLoad_HoldsAllThatWasAcknowledgedBefore()
    {
        var devices = new List<SipDevice>();
        try
        {
            ApiRealm realm;
            List<string> sites;
            await using (var server = await ServerProcess.StartAsync(_setup, Cancel))
            {
                realm = await server.Client.CreateRealmAsync("office", Cancel);
                await server.Client.CreateCredentialsAsync(realm, Enumerable.Range(0, 2 * Phones).Select(Name), Password, Cancel);
                await server.Client.PostAsync("applications",
                    "<Application><ServiceType>Voice-V2</ServiceType><AppName>ivr</AppName><CallInitiatedCallbackUrl>http://localhost/a</CallInitiatedCallbackUrl>"
                    + "<CallbackCreds><UserId>u</UserId><Password>callback secret</Password></CallbackCreds></Application>", Cancel);
                for (var i = 0; i < 2 * Phones; i++) devices.Add(await SipDevice.ConnectAsync("udp", _setup.SipPort, Cancel));
                for (var i = 0; i < Phones; i++) await RegisterAsync(devices[i], realm, i, Cancel);

                using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
                var made = new List<string>();
                var loads = new[] { RefreshAsync(0, Phones), RefreshAsync(Phones, 2 * Phones), MakeSitesAsync() };
                await Poll.UntilAsync("some sites to be made", () => Task.FromResult(Volatile.Read(ref made).Count >= 10), Cancel);
                lock (made) sites = [.. made];

                await RunAsync("backup", Archive);

                await enough.CancelAsync();
                foreach (var load in loads) await load.ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default);
                await server.StopAsync(Poll.DefaultDeadline, Cancel);

                async Task RefreshAsync(int first, int end)
                {
                    while (true)
                    {
                        for (var i = first; i < end; i++) await RegisterAsync(devices[i], realm, i, enough.Token);
                    }
                }

                async Task MakeSitesAsync()
                {
                    using var client = _setup.CreateClient();
                    for (var i = 0; ; i++)
                    {
                        var answer = await client.PostAsync("sites", $"<Site><Name>site {i}</Name></Site>", enough.Token);
                        Assert.Equal(HttpStatusCode.Created, answer.Status);
                        lock (made) made.Add($"site {i}");
                    }
                }
            }

            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));
            Assert.Empty(Directory.GetFileSystemEntries(_folder["data"], "backup*"));
            var restored = _setup with { DataDirectory = _folder["restored"] };
            await RunAsync(restored, "restore", Archive);
            Assert.Empty(Directory.GetFileSystemEntries(_folder.Path, "*.restoring"));
            foreach (var file in Directory.EnumerateFiles(restored.DataDirectory, "*", SearchOption.AllDirectories))
                Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));

            await using var second = await ServerProcess.StartAsync(restored, Cancel);
            var names = (await second.Client.ListRegistrationsAsync(realm, Cancel)).Select(r => r.Element("UserName")!.Value).ToHashSet();
            Assert.All(Enumerable.Range(0, Phones).Select(Name), name => Assert.Contains(name, names));
            var kept = (await second.Client.GetAsync("sites", Cancel)).Xml!.Descendants("Name").Select(name => name.Value).ToHashSet();
            Assert.All(sites, site => Assert.Contains(site, kept));
            Assert.DoesNotContain("[5003]", second.Log, StringComparison.Ordinal); // the key of the sealed passwords is there
            Assert.DoesNotContain("cut", second.Log, StringComparison.OrdinalIgnoreCase); // no journal ends in the middle of a batch
        }
        finally
        {
            foreach (var device in devices) device.Dispose();
        }
    }

    [Fact]
    public async Task StoppedServer_IsBackedUpAndReplaced()
    {
        await using (var server = await ServerProcess.StartAsync(_setup, Cancel))
        {
            await server.Client.CreateRealmAsync("office", Cancel);
            var refused = await FailAsync(_setup, "restore", Archive);
            Assert.Contains("There is no file", refused, StringComparison.Ordinal);
            await server.StopAsync(Poll.DefaultDeadline, Cancel);
        }

        Assert.Contains("keep it as you keep passwords", await RunAsync("backup", Archive), StringComparison.Ordinal);
        Assert.Contains("is there already", await FailAsync(_setup, "backup", Archive), StringComparison.Ordinal);
        Assert.Contains("give --replace", await FailAsync(_setup, "restore", Archive), StringComparison.OrdinalIgnoreCase);
        await using (var server = await ServerProcess.StartAsync(_setup, Cancel))
        {
            await server.Client.CreateRealmAsync("later", Cancel);
            Assert.Contains("in use by another running server", await FailAsync(_setup, "restore", Archive, "--replace"), StringComparison.Ordinal);
            await server.StopAsync(Poll.DefaultDeadline, Cancel);
        }

        Assert.Contains("What was there before is in", await RunAsync("restore", Archive, "--replace"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Assert.Single(Directory.GetDirectories(_folder.Path, "data.before-*")), "sipstead.db")));
        await using var restored = await ServerProcess.StartAsync(_setup, Cancel);
        Assert.Equal(HttpStatusCode.OK, (await restored.Client.GetAsync("realms/office", Cancel)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await restored.Client.GetAsync("realms/later", Cancel)).Status);
    }

    [Fact]
    public async Task WhatCannotBe_IsOneLine_AndLeavesNothing()
    {
        Assert.Contains("There is no data folder", await FailAsync(_setup, "backup", Archive), StringComparison.Ordinal);
        await using (var server = await ServerProcess.StartAsync(_setup, Cancel)) await server.StopAsync(Poll.DefaultDeadline, Cancel);
        Assert.Contains("cannot be written", await FailAsync(_setup, "backup", _folder["nowhere/backup.tar.gz"]), StringComparison.Ordinal);
        await RunAsync("backup", Archive);
        var octets = await File.ReadAllBytesAsync(Archive, Cancel);
        var fresh = _setup with { DataDirectory = _folder["fresh"] };

        await File.WriteAllBytesAsync(Archive, octets[..(octets.Length / 2)], Cancel);
        Assert.Contains("is damaged", await FailAsync(fresh, "restore", Archive), StringComparison.Ordinal);
        var flipped = octets.ToArray();
        flipped[octets.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(Archive, flipped, Cancel);
        Assert.Contains("is damaged", await FailAsync(fresh, "restore", Archive), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Archive, "no archive at all", Cancel);
        Assert.Contains("is damaged", await FailAsync(fresh, "restore", Archive), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path, "*.restoring"));
        Assert.DoesNotContain("sipstead.db", Directory.GetFiles(fresh.DataDirectory).Select(Path.GetFileName));

        File.Delete(_folder["data/zone-serial"]);
        File.CreateSymbolicLink(_folder["data/zone-serial"], "/etc/hostname");
        Assert.Contains("is a symbolic link", await FailAsync(_setup, "backup", _folder["other.tar.gz"]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "other*"));
    }

    [Fact]
    public async Task Help_NamesBothCommands()
    {
        var help = await ServerProcess.RunAsync(_setup, ["--help"], Cancel);
        Assert.Contains("backup <file>", help.Output, StringComparison.Ordinal);
        Assert.Contains("restore <file>", help.Output, StringComparison.Ordinal);
        Assert.Contains("--replace", (await ServerProcess.RunAsync(_setup, ["restore", "--help"], Cancel)).Output, StringComparison.Ordinal);
    }

    private static string Name(int phone) => string.Create(CultureInfo.InvariantCulture, $"phone{phone}");

    private static async Task RegisterAsync(SipDevice device, ApiRealm realm, int phone, CancellationToken cancel)
    {
        var answer = await device.RegisterAsync(realm.Fqdn, Name(phone), Password, cancel, 3600);
        Assert.True(answer.Status == 200, answer.Text);
    }

    private Task<string> RunAsync(params string[] command) => RunAsync(_setup, command);

    private static async Task<string> RunAsync(ServerSetup setup, params string[] command)
    {
        var result = await ServerProcess.RunAsync(setup, command, Cancel);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }

    /// <summary>The one line of a command that fails.</summary>
    private static async Task<string> FailAsync(ServerSetup setup, params string[] command)
    {
        var result = await ServerProcess.RunAsync(setup, command, Cancel);
        Assert.True(result.ExitCode == 1, result.ToString());
        return Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
