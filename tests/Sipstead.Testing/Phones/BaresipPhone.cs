using System.Globalization;

namespace Sipstead.Testing.Phones;

/// <summary>
/// A baresip soft phone in a process of its own, with a configuration folder of its own. One for calls speaks a tone and keeps what it hears.
/// </summary>
public sealed class BaresipPhone : IAsyncDisposable
{
    /// <summary>Hz of the tone that a phone for calls speaks.</summary>
    public const int VoiceFrequency = 700;

    /// <summary>Amplitude of that tone, as a part of full scale: those of four phones together are not clipped.</summary>
    public const double VoiceLevel = 0.24;

    /// <summary>What a phone speaks unless it is told otherwise.</summary>
    public const string G711Module = "g711.so";

    private static readonly string[] ModulePaths = ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"];

    private readonly TemporaryFolder _folder;
    private readonly ProgramRun _run;
    private readonly BaresipControl? _control;

    private BaresipPhone(TemporaryFolder folder, ProgramRun run, BaresipControl? control)
    {
        _folder = folder;
        _run = run;
        _control = control;
    }

    /// <summary>What the phone told, for a failed test's message.</summary>
    public string Transcript => _run.Output + _run.Errors;

    /// <summary>The keys of a phone for calls.</summary>
    public BaresipControl Control => _control ?? throw new InvalidOperationException("The phone was not started for calls.");

    /// <summary>Starts a phone with one account line.</summary>
    public static BaresipPhone Start(string account, int dnsPort)
    {
        var folder = new TemporaryFolder();
        return new BaresipPhone(folder, Start(folder, account, dnsPort, sipPort: 0, "", G711Module), null);
    }

    /// <summary>Starts a phone that can call and be called.</summary>
    /// <param name="account">Its account line.</param>
    /// <param name="dnsPort">Where it asks for names.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <param name="sipPort">Where it is called; 0 for wherever there is room.</param>
    /// <param name="codecModule">A module with codecs, in place of that for G.711.</param>
    /// <param name="voice">Hz of the tone that it speaks.</param>
    public static async Task<BaresipPhone> StartForCallsAsync(
        string account, int dnsPort, CancellationToken cancellationToken, int sipPort = 0, string codecModule = G711Module, int voice = VoiceFrequency)
    {
        var folder = new TemporaryFolder();
        var file = folder["voice.wav"];
        await File.WriteAllBytesAsync(file, Tone.Wav(voice, TimeSpan.FromSeconds(60), VoiceLevel), cancellationToken);
        var port = FreePort.Take();
        var audio = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            module aufile.so
            module sndfile.so
            module srtp.so
            module_app ctrl_tcp.so
            ctrl_tcp_listen 127.0.0.1:{port}
            audio_player aufile,{folder["heard.wav"]}
            audio_source aufile,{file}
            audio_alert aufile,{folder["alert.wav"]}
            ausrc_srate {Tone.SampleRate}
            auplay_srate {Tone.SampleRate}
            ausrc_channels 1
            auplay_channels 1
            snd_path {folder.Path}
            """);
        var run = Start(folder, account, dnsPort, sipPort, audio, codecModule);
        try
        {
            return new BaresipPhone(folder, run, await BaresipControl.ConnectAsync(port, cancellationToken));
        }
        catch (TimeoutException e)
        {
            var told = run.Output + run.Errors;
            await run.DisposeAsync();
            throw new TimeoutException($"baresip cannot be controlled: {e.Message}\n{told}");
        }
    }

    /// <summary>What the phone decoded in its one call, which has ended.</summary>
    public Task<Recording> HeardAsync(CancellationToken cancellationToken) => Poll.ForAsync(
        "baresip's recording",
        async () => Directory.GetFiles(_folder.Path, "*-dec.wav") is [var path]
            ? Recording.TryRead(await File.ReadAllBytesAsync(path, cancellationToken))
            : null,
        cancellationToken);

    /// <summary>Presses a key during a call.</summary>
    public async Task PressAsync(char key, CancellationToken cancellationToken)
    {
        await Control.SendAsync("sndcode", key.ToString(), cancellationToken);
        await Task.Delay(150, cancellationToken); // a finger: baresip holds a key until the next command releases it
        await Control.SendAsync("sndcode", "\u0004", cancellationToken);
        await Task.Delay(100, cancellationToken);
    }

    /// <summary>SIGTERM: the phone unregisters and ends.</summary>
    public async Task<ProgramResult> StopAsync(CancellationToken cancellationToken)
    {
        await _run.SignalAsync("TERM", cancellationToken);
        return await _run.WaitForExitAsync(Poll.DefaultDeadline, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        await _run.DisposeAsync();
        _folder.Dispose();
    }

    private static ProgramRun Start(TemporaryFolder folder, string account, int dnsPort, int sipPort, string more, string codecModule)
    {
        folder.Write("accounts", account + "\n");
        folder.Write("contacts", "");
        folder.Write("config", string.Create(
            CultureInfo.InvariantCulture,
            $"""
            module_path {ModulePath()}
            module {codecModule}
            module_app account.so
            module_app menu.so
            dns_server 127.0.0.1:{dnsPort}
            sip_listen 127.0.0.1:{sipPort}
            net_interface 127.0.0.1
            {more}

            """));
        return ProgramRun.Start("baresip", ["-4", "-s", "-f", folder.Path]);
    }

    private static string ModulePath() =>
        ModulePaths.FirstOrDefault(Directory.Exists) ?? ModulePaths[0];
}
