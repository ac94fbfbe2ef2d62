using System.Buffers.Binary;
using Sipstead.Media.Codecs;
using Sipstead.Media.Transcription;

namespace Sipstead.Media.Tests.Transcription;

/// <summary>Where utterances begin and end.</summary>
public sealed class UtteranceCutterTests
{
    private static readonly byte[] Silence = Frame(0);
    private static readonly byte[] Speech = Frame(8_000);

    private readonly UtteranceCutter _cutter = new();
    private readonly List<Utterance> _found = [];
    private long _number;

    [Fact]
    public void Utterance_IsFromALittleBeforeSpeech_ToASilence()
    {
        Take(Speech, 1); // a click
        Take(Silence, 99);
        Take(Speech, 50);
        Take(Silence, 28);
        Assert.Empty(_found);
        Take(Silence, 2);
        var utterance = Assert.Single(_found);
        Assert.Equal((1.76, 2.0, 3.0), Seconds(utterance));
        Take(Silence, 1000);
        Assert.Single(_found);
    }

    [Fact]
    public void PausesWithinASentence_DoNotCutIt()
    {
        for (var i = 0; i < 5; i++)
        {
            Take(Speech, 20);
            Take(Silence, 25);
        }

        Assert.Empty(_found);
        Assert.True(_cutter.End());
        Assert.Equal((0.0, 0.0, 4.0), Seconds(_cutter.Current));
        Assert.False(_cutter.End());
    }

    [Fact]
    public void LongSpeech_IsCutAtTheFirstGapBehindTenSeconds()
    {
        Take(Speech, 480);
        Take(Silence, 15);
        Take(Speech, 40);
        Assert.Empty(_found);
        Take(Silence, 10);
        Assert.Equal((0.0, 0.0, 10.7), Seconds(Assert.Single(_found)));
    }

    [Fact]
    public void SpeechWithoutGaps_IsCutEachFifteenSeconds_AndNothingIsLost()
    {
        Take(Speech, 1600);
        Assert.True(_cutter.End());
        _found.Add(_cutter.Current);
        Assert.Equal([(0.0, 0.0, 15.0), (15.0, 15.0, 30.0), (30.0, 30.0, 32.0)], _found.Select(Seconds));
    }

    [Fact]
    public void MissingFrames_ShowInTheTimes()
    {
        Take(Silence, 20);
        _number += 80;
        Take(Speech, 25);
        _number += 50;
        Take(Speech, 25);
        Take(Silence, 30);
        Assert.Equal((2.0, 2.0, 4.0), Seconds(Assert.Single(_found)));
    }

    [Fact]
    public void Audio_IsAWavFileOfOneChannel_FromTheBeginOfTheUtterance()
    {
        Take(Silence, 50);
        Take(Speech, 25);
        Assert.True(_cutter.End());
        using var file = new MemoryStream();
        _cutter.Write(file);
        var octets = file.ToArray();
        var (before, speech) = (50 - (int)(_cutter.Current.AudioStart / TimeSpan.FromMilliseconds(20)), 25);
        Assert.Equal(44 + (before + speech) * 320, octets.Length);
        Assert.Equal((1, octets.Length - 44), (BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(22)), BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(40))));
        Assert.Equal(0, BinaryPrimitives.ReadInt16LittleEndian(octets.AsSpan(44 + (before - 1) * 320)));
        Assert.InRange((int)BinaryPrimitives.ReadInt16LittleEndian(octets.AsSpan(44 + before * 320)), 7_500, 8_500);
    }

    [Fact]
    public void SilenceAlone_IsNoUtterance()
    {
        Assert.False(_cutter.End());
        Take(Silence, 5000);
        Assert.False(_cutter.End());
        Assert.Empty(_found);
    }

    private void Take(byte[] frame, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (_cutter.Take(frame, ++_number)) _found.Add(_cutter.Current);
        }
    }

    private static (double AudioStart, double Start, double End) Seconds(Utterance one) => (one.AudioStart.TotalSeconds, one.Start.TotalSeconds, one.End.TotalSeconds);

    private static byte[] Frame(short amplitude) =>
        [.. Enumerable.Range(0, 160).Select(i => G711.EncodeMuLaw((short)(i % 2 == 0 ? amplitude : -amplitude)))];
}
