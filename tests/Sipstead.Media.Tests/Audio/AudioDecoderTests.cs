using Sipstead.Media.Audio;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Media.Tests.Audio;

/// <summary>Which type a file is taken for, and MP3 through ffmpeg.</summary>
public sealed class AudioDecoderTests : IDisposable
{
    private static readonly byte[] WavOctets = WavFile.Of(WavFile.Sine(1_000, 8_000, 1), 8_000);

    private readonly CountingMeters _meters = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("audio/wav", "x.mp3")]
    [InlineData("audio/x-wav", null)]
    [InlineData("audio/vnd.wave; codec=1", null)]
    [InlineData("Audio/WAVE", null)]
    [InlineData("application/octet-stream", "/a/b.WAV?c=d.mp3")]
    [InlineData("text/plain", "noextension")]
    [InlineData("no type; at all;;", null)]
    [InlineData(null, null)]
    public async Task These_are_taken_for_WAV(string? contentType, string? fileName)
    {
        using var decoder = Decoder("/no/ffmpeg");
        Assert.Equal(8_000, (await decoder.DecodeAsync(WavOctets, contentType, fileName, Token)).Clip!.Samples.Length);
        Assert.Equal(1, _meters["sipstead.media.decodes wav"]);
    }

    [Theory]
    [InlineData("audio/mpeg", "x.wav")]
    [InlineData("audio/mpeg3", null)]
    [InlineData("AUDIO/MP3; x=y", null)]
    [InlineData("application/octet-stream", "/a/b.MP3#c")]
    [InlineData(null, "c.mp3")]
    public async Task These_are_taken_for_MP3_which_needs_ffmpeg(string? contentType, string? fileName)
    {
        using var decoder = Decoder("/no/ffmpeg");
        Assert.Equal(
            "ffmpeg is not installed: apt-get install ffmpeg, or name the program in Sipstead:Audio:FfmpegProgram, or play WAV files.",
            (await decoder.DecodeAsync(WavOctets, contentType, fileName, Token)).Error);
        Assert.Equal(1, _meters["sipstead.media.decodes.failures mp3"]);
    }

    [Fact]
    public async Task An_MP3_file_sounds_like_what_it_was_made_of()
    {
        var mp3 = await EncodeAsync(WavFile.Of(WavFile.Sine(1_000, 44_100, 2), 44_100));
        using var decoder = Decoder("ffmpeg");
        var result = await decoder.DecodeAsync(mp3, "audio/mpeg", null, Token);
        Assert.Null(result.Error);
        Assert.InRange(result.Clip!.Duration.TotalSeconds, 1.9, 2.2);
        Assert.InRange(Loudness.Decibels(Loudness.Amplitude(result.Clip.Samples.Span.Slice(4_000, 8_000), 1_000), 16_000), -1, 1);
    }

    [Fact]
    public async Task What_is_no_MP3_file_is_refused_with_ffmpegs_words()
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("ffmpeg"), "ffmpeg is not installed.");
        using var decoder = Decoder("ffmpeg");
        var result = await decoder.DecodeAsync("<html>not found</html>"u8.ToArray(), "audio/mpeg", null, Token);
        Assert.Null(result.Clip);
        Assert.StartsWith("ffmpeg ended with exit code ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_playlist_in_disguise_opens_nothing()
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("ffmpeg"), "ffmpeg is not installed.");
        await File.WriteAllBytesAsync(_folder["secret.wav"], WavOctets, Token);
        using var decoder = Decoder("ffmpeg");
        var playlist = System.Text.Encoding.UTF8.GetBytes($"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{_folder["secret.wav"]}\n#EXT-X-ENDLIST\n");
        Assert.Null((await decoder.DecodeAsync(playlist, "audio/mpeg", null, Token)).Clip);
    }

    [Fact]
    public async Task A_program_that_says_nothing_gave_no_audio()
    {
        using var decoder = Decoder(await FakeProgram.WriteAsync(_folder, "cat >/dev/null"));
        Assert.Equal("The MP3 file holds no audio.", (await decoder.DecodeAsync(new byte[10], "audio/mpeg", null, Token)).Error);
    }

    [Fact]
    public async Task More_than_an_hour_is_refused()
    {
        using var decoder = Decoder(await FakeProgram.WriteAsync(_folder, "exec cat /dev/zero"));
        Assert.Equal("program made more audio than is accepted.", (await decoder.DecodeAsync(new byte[10], "audio/mpeg", null, Token)).Error);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _folder.Dispose();
    }

    private AudioDecoder Decoder(string ffmpeg) => new(new AudioOptions { FfmpegProgram = ffmpeg }, _meters, TimeProvider.System);

    private async Task<byte[]> EncodeAsync(byte[] wav)
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("ffmpeg"), "ffmpeg is not installed.");
        await File.WriteAllBytesAsync(_folder["in.wav"], wav, Token);
        var encoded = await ProgramRun.RunAsync("ffmpeg", ["-loglevel", "error", "-i", _folder["in.wav"], "-f", "mp3", _folder["out.mp3"]], Token);
        Assert.SkipUnless(encoded.ExitCode == 0, $"This ffmpeg does not write MP3: {encoded.Errors}");
        return await File.ReadAllBytesAsync(_folder["out.mp3"], Token);
    }
}
