using Sipstead.Media.Codecs;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Codecs;

/// <summary>Opus by libopus.</summary>
public sealed class OpusTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    [InlineData(320)]
    [InlineData(480)]
    public void MED_03_Opus_CarriesVoice_InPacketsOfEachLength(int packet)
    {
        var codec = Streams.Codec("opus");
        using var encoder = codec.CreateEncoder("useinbandfec=1");
        using var decoder = codec.CreateDecoder();
        var sent = Streams.Sines(16_000, (440, 5000), (1000, 5000));
        var (heard, payload, decoded) = (new List<short>(), new byte[480], new short[2048]);
        for (var at = 0; at + packet <= sent.Length; at += packet)
        {
            var length = encoder.Encode(sent.AsSpan(at, packet), payload);
            Assert.InRange(length, 1, 480);
            Assert.Equal(packet, codec.SamplesIn(payload.AsSpan(0, length)));
            Assert.Equal(packet, decoder.Decode(payload.AsSpan(0, length), decoded));
            heard.AddRange(decoded.AsSpan(0, packet));
        }

        foreach (var frequency in (ReadOnlySpan<double>)[440, 1000])
            Assert.InRange(Loudness.Decibels(Loudness.Amplitude(heard[4000..12_000].ToArray(), frequency), 5000), -3, 3);
    }

    [Fact]
    public void LostPacket_IsMadeUpFromTheOneBehindIt()
    {
        var codec = Streams.Codec("opus");
        var payloads = codec.Encode(Streams.Syllables(48_000), "useinbandfec=1");
        var whole = codec.Decode(payloads);
        var (withFec, without) = (ErrorAt(useNext: true), ErrorAt(useNext: false));
        Assert.True(withFec < 0.7 * without, $"{withFec} with, {without} without");

        // What is heard in place of lost packets, against what would have been.
        double ErrorAt(bool useNext)
        {
            using var decoder = codec.CreateDecoder();
            var decoded = new short[2048];
            var error = 0.0;
            for (var i = 0; i < payloads.Count - 1; i++)
            {
                var isLost = i > 20 && i % 10 == 0;
                var count = isLost ? decoder.Conceal(160, useNext ? payloads[i + 1] : [], decoded) : decoder.Decode(payloads[i], decoded);
                Assert.Equal(160, count);
                for (var k = 0; isLost && k < 160; k++) error += Math.Pow(decoded[k] - whole[(160 * i) + k], 2);
            }

            return error;
        }
    }

    [Fact]
    public void NothingIsMadeUp_BeforeAnythingCame_NorForEver()
    {
        var codec = Streams.Codec("opus");
        using var decoder = codec.CreateDecoder();
        var samples = new short[2048];
        Assert.Equal(0, decoder.Conceal(160, [], samples));
        decoder.Decode(codec.Encode(new short[160])[0], samples);
        var times = 0;
        while (decoder.Conceal(160, [], samples) > 0) times++;
        Assert.Equal(50, times);
    }

    [Theory]
    [InlineData(null, 24_000, false, false)]
    [InlineData("useinbandfec=1", 24_000, true, false)]
    [InlineData("UseInbandFec=1; maxaveragebitrate=16000;cbr=1", 16_000, true, true)]
    [InlineData("maxaveragebitrate=1;useinbandfec=0", 6_000, false, false)]
    [InlineData("maxaveragebitrate=510000", 24_000, false, false)]
    [InlineData(";;=;useinbandfec;cbr=x;stereo=1", 24_000, false, false)]
    public void PartysWishes_AreReadFromFmtp(string? text, int bitrate, bool usesFec, bool isConstant) =>
        Assert.Equal(new OpusParameters(bitrate, usesFec, isConstant), OpusParameters.Read(text));

    [Fact]
    public void Bitrate_IsWhatThePartyWants()
    {
        var codec = Streams.Codec("opus");
        var sent = new short[80_000];
        for (var i = 0; i < sent.Length; i++) sent[i] = (short)Random.Shared.Next(-8000, 8000);
        Assert.InRange(codec.Encode(sent).Sum(payload => payload.Length) * 8 / 10, 20_000, 30_000);
        Assert.InRange(codec.Encode(sent, "maxaveragebitrate=8000").Sum(payload => payload.Length) * 8 / 10, 4_000, 11_000);
        Assert.Single(codec.Encode(sent, "cbr=1").Select(payload => payload.Length).Distinct());
    }

    [Theory]
    [InlineData("08", 160)] // SILK, 20 ms
    [InlineData("18", 480)] // SILK, 60 ms
    [InlineData("79", 320)] // hybrid 20 ms, two of them
    [InlineData("80", 20)] // CELT, 2.5 ms
    [InlineData("FB06", 960)] // CELT, six of 20 ms
    [InlineData("FB07", 0)] // 140 ms is too long
    [InlineData("FB", 0)]
    [InlineData("FB00", 0)]
    [InlineData("", 0)]
    public void Length_IsReadFromTheFirstOctets(string hex, int samples) => Assert.Equal(samples, OpusPacket.SamplesIn(Convert.FromHexString(hex)));
}
