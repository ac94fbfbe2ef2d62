using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Detection;
using Sipstead.Media.Recording;

namespace Sipstead.Media.Transcription;

/// <summary>What was said between two silences, in the time of its track.</summary>
/// <param name="AudioStart">Where its audio begins: a little before the speech, so that no first sound is missing.</param>
/// <param name="Start">Where speech begins.</param>
/// <param name="End">Where speech ends.</param>
public readonly record struct Utterance(TimeSpan AudioStart, TimeSpan Start, TimeSpan End);

/// <summary>
/// Cuts a track into utterances: from a little before somebody speaks until a silence of 600 ms. What goes on for long is cut at the first short gap after
/// 10 s, and at 15 s anywhere. Keeps the audio of one utterance.
/// </summary>
public sealed class UtteranceCutter
{
    /// <summary>Frames of an utterance at most: 15 s.</summary>
    public const int MaximumFrames = 750;

    private const int LongFrames = 500;
    private const int FramesBefore = 15;

    /// <summary>Frames that <see cref="SpeechActivity"/> takes to be sure that somebody speaks, and does not any more.</summary>
    private const int FramesToHear = 3;
    private const int FramesBridged = 9;

    /// <summary>Quiet frames beyond those that end an utterance.</summary>
    private const int QuietFrames = 20;

    private readonly SpeechActivity _activity = new();
    private readonly short[] _samples = new short[AudioFormat.FrameSamples];
    private byte[] _octets = new byte[4 * FramesBefore * AudioFormat.FrameSamples];
    private int _frames;
    private int _quiet;
    private bool _isSpeech;
    private bool _isComplete;

    /// <summary>Numbers of frames, from 1: the first and last one kept, and the first and last one of speech.</summary>
    private long _first;
    private long _last;
    private long _speechFirst;
    private long _speechLast;

    /// <summary>The utterance that is complete, until the next frame is taken.</summary>
    public Utterance Current => new(
        (_first - 1) * AudioFormat.FrameDuration, (_speechFirst - 1) * AudioFormat.FrameDuration, _speechLast * AudioFormat.FrameDuration);

    /// <summary>Takes a frame of 160 octets of mu-law. True when it completes an utterance.</summary>
    /// <param name="number">Of the frame, from 1; missing ones are missing in the audio.</param>
    public bool Take(ReadOnlySpan<byte> frame, long number)
    {
        if (_isComplete || (!_isSpeech && number != _last + 1)) Clear();
        G711.DecodeMuLaw(frame, _samples);
        var isActive = _activity.Take(_samples);
        Keep(frame, number);
        if (isActive) Hear(number);
        else if (_isSpeech) _quiet++;
        if (!_isSpeech || (_frames < MaximumFrames && (isActive || (_quiet < QuietFrames && _frames < LongFrames)))) return false;
        return End();
    }

    /// <summary>The track has ended. True when that completes an utterance.</summary>
    public bool End()
    {
        if (_isComplete) Clear();
        if (_quiet > 0) _speechLast = Math.Max(_speechFirst, _speechLast - FramesBridged);
        return _isComplete = _isSpeech;
    }

    /// <summary>Writes the utterance that is complete into an empty, seekable stream as a WAV file of one channel.</summary>
    public void Write(Stream file)
    {
        var wav = new WavWriter(file, channels: 1);
        for (var i = 0; i < _frames; i++)
        {
            G711.DecodeMuLaw(FrameAt(i), _samples);
            wav.Write(_samples);
        }

        wav.Finish();
    }

    private void Clear() => (_frames, _quiet, _isSpeech, _isComplete) = (0, 0, false, false);

    private void Keep(ReadOnlySpan<byte> frame, long number)
    {
        if (!_isSpeech && _frames == FramesBefore)
        {
            _octets.AsSpan(AudioFormat.FrameSamples, (_frames - 1) * AudioFormat.FrameSamples).CopyTo(_octets);
            _frames--;
            _first++;
        }

        if ((_frames + 1) * AudioFormat.FrameSamples > _octets.Length)
            Array.Resize(ref _octets, Math.Min(2 * _octets.Length, MaximumFrames * AudioFormat.FrameSamples));
        if (_frames == 0) _first = number;
        frame.CopyTo(FrameAt(_frames++));
        _last = number;
    }

    private void Hear(long number)
    {
        if (!_isSpeech)
        {
            _isSpeech = true;
            _speechFirst = Math.Max(_first, number - FramesToHear + 1);
        }

        _quiet = 0;
        _speechLast = number;
    }

    private Span<byte> FrameAt(int index) => _octets.AsSpan(index * AudioFormat.FrameSamples, AudioFormat.FrameSamples);
}
