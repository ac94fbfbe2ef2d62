using System.Buffers.Binary;
using CsCheck;
using Sipstead.Media.Audio;

namespace Sipstead.Media.Tests.Audio;

/// <summary>WAV files of every kind, and what is no WAV file.</summary>
public class WavReaderTests
{
    private static readonly short[] Values = [0, 1_000, -1_000, 32_767, -32_768];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Samples_of_16_bits_at_8_kHz_come_out_as_they_are() =>
        Gen.Short.Array[0, 4_000].Sample(samples => Assert.Equal(samples, Clip(WavFile.Of(samples, 8_000))));

    [Theory]
    [InlineData(WavFile.Pcm, 8)]
    [InlineData(WavFile.Pcm, 24)]
    [InlineData(WavFile.Pcm, 32)]
    [InlineData(WavFile.Float, 32)]
    public void Every_width_means_the_same_level(int code, int bits)
    {
        var data = Values.SelectMany(v => Write(v, code, bits)).ToArray();
        var read = Clip(WavFile.Of(code, bits, 1, 8_000, data));
        Assert.All(Values.Zip(read), pair => Assert.InRange(pair.Second, Math.Max(-32_768, pair.First - 255), Math.Min(32_767, pair.First + 255)));
        Assert.Equal(Values.Length, read.Length);
    }

    [Fact]
    public void Mu_law_and_A_law_are_those_of_G711()
    {
        Assert.Equal([-32_124, 32_124, 0, 0, -8, 8], Clip(WavFile.Of(WavFile.MuLaw, 8, 1, 8_000, [0x00, 0x80, 0x7F, 0xFF, 0x7E, 0xFE])));
        Assert.Equal([-8, 8, -32_256, 32_256, 5_504], Clip(WavFile.Of(WavFile.ALaw, 8, 1, 8_000, [0x55, 0xD5, 0x2A, 0xAA, 0x80])));
    }

    [Fact]
    public void Channels_are_mixed_down() =>
        Gen.Short.Array[2, 200].Where(s => s.Length % 2 == 0).Sample(samples =>
        {
            var mixed = samples.Chunk(2).Select(pair => (short)MathF.Round((pair[0] + pair[1]) / 2f));
            Assert.Equal(mixed, Clip(WavFile.Of(WavFile.Pcm, 16, 2, 8_000, System.Runtime.InteropServices.MemoryMarshal.AsBytes<short>(samples))));
        });

    [Fact]
    public void The_extensible_format_tells_its_encoding_in_the_subformat()
    {
        var format = new byte[40];
        WavFile.Of(WavFile.Extensible, 16, 1, 8_000, []).AsSpan(20, 16).CopyTo(format);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(16), 22);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(24), WavFile.Pcm);
        Assert.Equal([0x0201, 0x0403], Clip(WavFile.Of(("fmt ", format, null), ("data", [1, 2, 3, 4], null))));
    }

    [Fact]
    public void Chunks_of_others_are_passed_over()
    {
        var format = WavFile.Of(WavFile.Pcm, 16, 1, 8_000, []).AsSpan(20, 16).ToArray();
        Assert.Equal([0x0201], Clip(WavFile.Of(("LIST", [1, 2, 3], null), ("fmt ", format, null), ("fact", [0, 0, 0, 0], null), ("data", [1, 2], null), ("id3 ", [9], null))));
    }

    [Theory]
    [InlineData(0xFFFF_FFFF)]
    [InlineData(0x7FFF_F000)]
    [InlineData(1_000)]
    public void A_size_beyond_the_file_means_up_to_its_end(uint size) =>
        Assert.Equal([0x0201, 0x0403], Clip(WavFile.Of(WavFile.Pcm, 16, 1, 8_000, [1, 2, 3, 4, 5], size)));

    [Theory]
    [InlineData(4_000)]
    [InlineData(11_025)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(191_999)]
    public void The_duration_stays(int rate) =>
        Assert.Equal(8_000, Clip(WavFile.Of(new short[rate], rate)).Length);

    [Theory]
    [InlineData(WavFile.Pcm, 12, 1, 8_000, "The WAV file has format 0x0001 with 12 bits; PCM of 8, 16, 24 or 32 bits, 32-bit float, mu-law and A-law are understood.")]
    [InlineData(0x55, 16, 1, 8_000, "The WAV file has format 0x0055 with 16 bits; PCM of 8, 16, 24 or 32 bits, 32-bit float, mu-law and A-law are understood.")]
    [InlineData(WavFile.Pcm, 16, 0, 8_000, "The WAV file has 0 channels; 1 to 8 are understood.")]
    [InlineData(WavFile.Pcm, 16, 1, 3_999, "The WAV file has 3999 samples a second; 4000 to 192000 are understood.")]
    public void What_is_not_understood_is_named(int code, int bits, int channels, int rate, string error) =>
        Assert.Equal(error, Read(WavFile.Of(code, bits, channels, rate, [1, 2, 3, 4])).Error);

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal("The audio is not a WAV file: it does not begin with RIFF and WAVE.", Read([]).Error);
        Assert.Equal("The audio is not a WAV file: it does not begin with RIFF and WAVE.", Read("<html>not found</html>"u8.ToArray()).Error);
        Assert.Equal("The WAV file has no format chunk.", Read(WavFile.Of()).Error);
        Assert.Equal("The WAV file has no format chunk before its data.", Read(WavFile.Of(("data", [1, 2], null))).Error);
        Assert.Equal("The WAV file has a format chunk that is too short.", Read(WavFile.Of(("fmt ", [1, 0], null))).Error);
        Assert.Equal("The WAV file has no data chunk.", Read(WavFile.Of(WavFile.Pcm, 16, 1, 8_000, [])[..36]).Error);
    }

    [Fact]
    public void More_than_an_hour_is_refused() =>
        Assert.Equal("The WAV file is longer than one hour.", Read(WavFile.Of(WavFile.MuLaw, 8, 1, 4_000, new byte[4_000 * 3_600 + 1])).Error);

    [Fact]
    public void Floats_that_are_no_numbers_do_no_harm()
    {
        var data = new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.5f }.SelectMany(BitConverter.GetBytes).ToArray();
        Assert.Equal([0, 32_767, -32_768, 16_384], Clip(WavFile.Of(WavFile.Float, 32, 1, 8_000, data)));
    }

    [Fact]
    public void Any_change_of_a_file_gives_audio_or_an_error() =>
        Gen.Select(Gen.Int[0, 75], Gen.Byte, Gen.Int[0, 75], Gen.Byte, Gen.Int[0, 76]).Sample((at, octet, at2, octet2, length) =>
        {
            var file = WavFile.Of(WavFile.Pcm, 16, 2, 16_000, new byte[32]);
            file[at] = octet;
            file[at2] = octet2;
            var result = Read(file[..length]);
            Assert.True(result.Clip is null ^ result.Error is null);
        });

    [Fact]
    public void Any_octets_give_audio_or_an_error() =>
        Gen.Byte.Array[0, 300].Sample(octets =>
        {
            var result = Read([.. "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0"u8, .. octets]);
            Assert.True(result.Clip is null ^ result.Error is null);
        });

    [Fact]
    public void Reading_can_be_cancelled()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => WavReader.Read(WavFile.Of(new short[100], 8_000), cancelled));
    }

    private static AudioResult Read(byte[] file) => WavReader.Read(file, Token);

    private static short[] Clip(byte[] file)
    {
        var result = Read(file);
        Assert.Null(result.Error);
        return result.Clip!.Samples.ToArray();
    }

    private static byte[] Write(short value, int code, int bits) => (code, bits) switch
    {
        (WavFile.Float, _) => BitConverter.GetBytes(value / 32_768f),
        (_, 8) => [(byte)((value >> 8) + 128)],
        (_, 24) => BitConverter.GetBytes(value << 8)[..3],
        _ => BitConverter.GetBytes(value << 16),
    };
}
