using Sipstead.Media.Audio;
using Sipstead.Media.Recording;
using Sipstead.Media.Tests.Audio;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Recording;

/// <summary>WAV to MP3 and back, by ffmpeg.</summary>
public sealed class Mp3FilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tone_IsTheSameThereAndBack(int channels)
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("ffmpeg"), "ffmpeg is not installed.");
        using var mp3 = new Mp3Files(new AudioOptions(), TimeProvider.System);
        WriteTone(channels);
        await File.WriteAllBytesAsync(_folder["a.mp3"], [], Token);
        await File.WriteAllBytesAsync(_folder["b.wav"], [], Token);
        File.SetUnixFileMode(_folder["a.mp3"], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Null(await mp3.EncodeAsync(_folder["a.wav"], _folder["a.mp3"], Token));
        Assert.Null(await mp3.DecodeAsync(_folder["a.mp3"], _folder["b.wav"], Token));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["a.mp3"]));
        Assert.InRange(new FileInfo(_folder["a.mp3"]).Length, 1_000, new FileInfo(_folder["a.wav"]).Length / 2);
        using var last = new MemoryStream();
        Assert.True(WavChannel.TryExtract(_folder["b.wav"], channels - 1, last));
        var samples = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(last.ToArray().AsSpan(44)).ToArray();
        Assert.InRange(samples.Length / (double)AudioFormat.SampleRate, 1.9, 2.2);
        Assert.InRange(Loudness.Amplitude(samples.AsSpan(4_000, 8_000), 440), 7_000, 9_000);
    }

    [Fact]
    public async Task WithoutTheProgram_IsTold()
    {
        using var mp3 = new Mp3Files(new AudioOptions { FfmpegProgram = "/no/ffmpeg" }, TimeProvider.System);
        Assert.Equal(
            "ffmpeg is not installed: apt-get install ffmpeg, or name the program in Sipstead:Audio:FfmpegProgram, or record WAV files.",
            await mp3.EncodeAsync(_folder["a.wav"], _folder["a.mp3"], Token));
    }

    public void Dispose() => _folder.Dispose();

    private void WriteTone(int channels)
    {
        using var file = File.Create(_folder["a.wav"]);
        var wav = new WavWriter(file, channels);
        wav.Write(WavFile.Sine(440, AudioFormat.SampleRate, 2, 8_000).SelectMany(sample => Enumerable.Repeat(sample, channels)).ToArray());
        wav.Finish();
    }
}
