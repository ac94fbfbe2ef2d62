using CsCheck;
using Sipstead.Media.Audio;
using Sipstead.Media.Recording;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Recording;

/// <summary>Files that are written are read back as they were, also cut off anywhere.</summary>
public sealed class WavWriterTests : IDisposable
{
    private static readonly Gen<short[][]> Pieces = Gen.Short.Array[0, 400].Array[0, 6];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void OneChannel_IsReadBackAsItWasWritten() => Pieces.Sample(pieces =>
    {
        var file = Write(pieces, 1);
        var all = pieces.SelectMany(piece => piece).ToArray();
        Assert.Equal(all, Read(file));
    }, iter: 300);

    [Fact]
    public void TwoChannels_AreReadBackMixed() => Pieces.Sample(pieces =>
    {
        var even = pieces.Select(piece => piece[..(piece.Length & ~1)]).ToArray();
        var all = even.SelectMany(piece => piece).ToArray();
        var mixed = all.Chunk(2).Select(pair => (short)Math.Clamp(MathF.Round((pair[0] + pair[1]) / 2f), short.MinValue, short.MaxValue));
        Assert.Equal(mixed, Read(Write(even, 2)));
    }, iter: 300);

    [Fact]
    public void FileThatACrashCutOff_IsRepaired_WhereverThatWas() => Gen.Select(Gen.Short.Array[2, 500], Gen.Int[1, 2], Gen.Double[0, 1]).Sample(cut =>
    {
        var (samples, channels, part) = cut;
        using var memory = new MemoryStream();
        new WavWriter(memory, channels).Write(samples.AsSpan(0, samples.Length / channels * channels));
        var octets = memory.ToArray()[..(int)(memory.Length * part)];
        var path = _folder["cut.wav"];
        File.WriteAllBytes(path, octets);

        var extent = WavRepair.Run(path);

        var whole = (octets.Length - WavHeader.Length) / (2 * channels);
        if (octets.Length < WavHeader.Length || whole == 0)
        {
            Assert.Null(extent);
            return;
        }

        Assert.Equal((channels, whole), (extent!.Value.Channels, extent.Value.Samples));
        Assert.Equal(whole, Read(File.ReadAllBytes(path)).Length);
        Assert.Equal(extent, WavRepair.Run(path));
    }, iter: 300, threads: 1);

    [Fact]
    public void FileOfAnotherKind_IsLeftAsItIs()
    {
        var octets = Audio.WavFile.Of(Audio.WavFile.MuLaw, 8, 1, 8_000, new byte[100]);
        File.WriteAllBytes(_folder["other.wav"], octets);
        Assert.Null(WavRepair.Run(_folder["other.wav"]));
        Assert.Equal(octets, File.ReadAllBytes(_folder["other.wav"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Channel_IsTakenOut(int channel)
    {
        var samples = Enumerable.Range(0, 100_000).Select(i => (short)i).ToArray();
        File.WriteAllBytes(_folder["two.wav"], Write([samples], 2));
        using var target = new MemoryStream();
        Assert.True(WavChannel.TryExtract(_folder["two.wav"], channel, target));
        Assert.Equal(samples.Where((_, i) => i % 2 == channel), Read(target.ToArray()));
    }

    [Fact]
    public void Channel_ThatThereIsNot_IsRefused()
    {
        File.WriteAllBytes(_folder["one.wav"], Write([[1, 2]], 1));
        Assert.False(WavChannel.TryExtract(_folder["one.wav"], 1, new MemoryStream()));
        File.WriteAllText(_folder["none.wav"], "no audio");
        Assert.False(WavChannel.TryExtract(_folder["none.wav"], 0, new MemoryStream()));
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Write(short[][] pieces, int channels)
    {
        using var memory = new MemoryStream();
        var wav = new WavWriter(memory, channels);
        foreach (var piece in pieces) wav.Write(piece);
        wav.Finish();
        return memory.ToArray();
    }

    private static short[] Read(byte[] file)
    {
        var result = WavReader.Read(file, TestContext.Current.CancellationToken);
        Assert.Null(result.Error);
        return SamplesOf(result.Clip!);
    }

    private static short[] SamplesOf(AudioClip clip)
    {
        var (source, all, frame) = (clip.Play(), new List<short>(), new short[160]);
        for (int read; (read = source.Read(frame)) > 0;) all.AddRange(frame.AsSpan(0, read));
        return [.. all];
    }
}
