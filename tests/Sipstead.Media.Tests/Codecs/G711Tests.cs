using Sipstead.Media.Codecs;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Codecs;

/// <summary>G.711 against its own tables: values of the recommendation, and each code at the middle of its step.</summary>
public sealed class G711Tests
{
    [Theory]
    [InlineData(0xFF, 0)]
    [InlineData(0x7F, 0)]
    [InlineData(0xFE, 8)]
    [InlineData(0x7E, -8)]
    [InlineData(0xF0, 120)]
    [InlineData(0xEF, 132)]
    [InlineData(0x80, 32124)]
    [InlineData(0x00, -32124)]
    [InlineData(0x8F, 16764)]
    [InlineData(0x9F, 8316)]
    public void MED_03_MuLawCode_StandsForItsValue(byte code, short sample) => Assert.Equal(sample, G711.DecodeMuLaw(code));

    [Theory]
    [InlineData(0xD5, 8)]
    [InlineData(0x55, -8)]
    [InlineData(0xD4, 24)]
    [InlineData(0xC5, 264)]
    [InlineData(0xAA, 32256)]
    [InlineData(0x2A, -32256)]
    [InlineData(0xA5, 16896)]
    [InlineData(0xB5, 8448)]
    public void MED_03_ALawCode_StandsForItsValue(byte code, short sample) => Assert.Equal(sample, G711.DecodeALaw(code));

    [Fact]
    public void MED_03_EveryCode_SurvivesDecodingAndEncoding()
    {
        for (var code = 0; code < 256; code++)
        {
            Assert.Equal(code, G711.EncodeALaw(G711.DecodeALaw((byte)code)));
            if (code != 0x7F) Assert.Equal(code, G711.EncodeMuLaw(G711.DecodeMuLaw((byte)code))); // minus zero becomes zero
        }
    }

    [Fact]
    public void MED_03_EverySample_IsOffByHalfAStepOfItsSegmentAtMost_AndNeverFallsWhereItRises()
    {
        const int largestMu = 8159 * 4; // larger ones are clipped
        int lastMu = int.MinValue, lastA = int.MinValue;
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
        {
            byte mu = G711.EncodeMuLaw((short)sample), a = G711.EncodeALaw((short)sample);
            int nextMu = G711.DecodeMuLaw(mu), nextA = G711.DecodeALaw(a);
            Assert.True(nextMu >= lastMu && nextA >= lastA);
            (lastMu, lastA) = (nextMu, nextA);
            var halfStepA = 8 << Math.Max((((a ^ 0x55) >> 4) & 7) - 1, 0);
            var halfStepMu = 4 << ((~mu >> 4) & 7);
            Assert.True(Math.Abs(sample - nextA) <= halfStepA, $"A-law of {sample}");
            Assert.True(Math.Abs(sample - nextMu) <= halfStepMu || Math.Abs(sample) > largestMu, $"mu-law of {sample}");
        }
    }

    [Fact]
    public void MED_03_Frames_AreConvertedWithoutAllocating()
    {
        var samples = new short[160];
        var codes = new byte[160];
        Assert.Equal(0, Allocations.Of(() =>
        {
            G711.EncodeMuLaw(samples, codes);
            G711.DecodeMuLaw(codes, samples);
            G711.EncodeALaw(samples, codes);
            G711.DecodeALaw(codes, samples);
        }));
        Assert.Equal([0xFF, 0xD5], new[] { G711.EncodeMuLaw(0), G711.EncodeALaw(0) });
    }
}
