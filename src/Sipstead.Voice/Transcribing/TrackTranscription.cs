using System.Globalization;
using System.Threading.Channels;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Transcription;
using Sipstead.Voice.Feeds;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Transcribing;

/// <summary>
/// One track of a live transcription: a loop cuts it into utterances and writes each to a file, another gives these to the engine, in order and one at a
/// time. When the engine is slower than the party speaks, the oldest that wait make room. On the pool.
/// </summary>
internal sealed class TrackTranscription
{
    /// <summary>Utterances of a track that wait for the engine: up to two minutes.</summary>
    public const int MaximumWaiting = 8;

    /// <summary>What the engine may take for one utterance, which is 15 s at most: later it is of no use to who listens.</summary>
    private static readonly TimeSpan LongestTranscribing = TimeSpan.FromSeconds(60);

    private readonly AudioTrack _track;
    private readonly LiveTranscription _transcription;
    private readonly TranscriptionServices _services;
    private readonly TrackFrames _frames;
    private readonly UtteranceCutter _cutter = new();
    private readonly Channel<WrittenUtterance> _waiting;
    private int _written;

    /// <param name="transcription">Of which this is a track.</param>
    public TrackTranscription(AudioTrack track, LiveTranscription transcription, TranscriptionServices services)
    {
        (_track, _transcription, _services) = (track, transcription, services);
        _frames = new TrackFrames(services.Metrics.FrameDropped);
        _waiting = Channel.CreateBounded<WrittenUtterance>(
            new BoundedChannelOptions(MaximumWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true }, Drop);
    }

    public AudioTrack Track => _track;

    /// <summary>Takes the track; for <see cref="MediaSession.Tap"/>.</summary>
    public IAudioSink Sink => _frames.SinkOf(_track);

    /// <summary>Transcribes until it is over, and then what is left. What <paramref name="take"/> throws, this throws.</summary>
    /// <param name="take">Takes each text.</param>
    /// <param name="over">Cancelled when nothing more is to be heard.</param>
    /// <param name="givenUp">Cancelled when what is left is of no use any more.</param>
    public async Task RunAsync(Func<SpokenUtterance, Task> take, CancellationToken over, CancellationToken givenUp)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(over);
        var cutting = CutAsync(ended.Token);
        try
        {
            await foreach (var utterance in _waiting.Reader.ReadAllAsync(givenUp))
            {
                if (await TranscribeAsync(utterance, givenUp) is { Text.Length: > 0 } spoken) await take(spoken);
            }
        }
        catch (OperationCanceledException) when (givenUp.IsCancellationRequested)
        {
            // What is left is dropped below.
        }
        finally
        {
            await ended.CancelAsync();
            await cutting;
            while (_waiting.Reader.TryRead(out var left)) Drop(left);
        }
    }

    private async Task CutAsync(CancellationToken over)
    {
        try
        {
            var frame = new byte[AudioFormat.FrameSamples];
            while (await _frames.ComeAsync(over)) CutFrames(frame);
            CutFrames(frame);
            if (_cutter.End()) Write();
        }
        finally
        {
            _waiting.Writer.Complete();
        }
    }

    private void CutFrames(byte[] frame)
    {
        while (_frames.TryTake(frame, out _, out var number))
        {
            if (_cutter.Take(frame, number)) Write();
        }
    }

    /// <summary>Writes the utterance that is complete to a file of its own, which then waits.</summary>
    private void Write()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_transcription.Id}-{Feed.NameOf(_track)}-{++_written}");
        var path = _services.Files.PathOfPiece(_transcription.AccountId, name);
        try
        {
            using (var file = RecordingFiles.Create(path)) _cutter.Write(file);
            _waiting.Writer.TryWrite(new WrittenUtterance(path, _cutter.Current));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Delete(path);
            Fail(UtteranceOutcome.Failed, e.Message);
        }
    }

    private async Task<SpokenUtterance?> TranscribeAsync(WrittenUtterance utterance, CancellationToken givenUp)
    {
        var isIn = false;
        try
        {
            await _services.Tracks.EnterEngineAsync(givenUp);
            isIn = true;
            return await AskAsync(utterance, givenUp);
        }
        catch (OperationCanceledException)
        {
            Count(UtteranceOutcome.Dropped);
            throw;
        }
        finally
        {
            if (isIn) _services.Tracks.LeaveEngine();
            Delete(utterance.Path);
        }
    }

    private async Task<SpokenUtterance?> AskAsync(WrittenUtterance utterance, CancellationToken givenUp)
    {
        using var late = new CancellationTokenSource(LongestTranscribing, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, givenUp);
        try
        {
            var result = await _services.Engine.TranscribeAsync(utterance.Path, detectLanguage: true, either.Token);
            if (result.Transcript is null) return Fail(result.IsLate ? UtteranceOutcome.Late : UtteranceOutcome.Failed, result.Error!);
            Count(UtteranceOutcome.Transcribed);
            var spoken = new SpokenUtterance(_track, utterance.Place, result.Transcript);
            if (spoken.Text.Length < result.Transcript.Text.Length) _services.Metrics.CharactersDropped(result.Transcript.Text.Length - spoken.Text.Length);
            return spoken;
        }
        catch (OperationCanceledException) when (!givenUp.IsCancellationRequested)
        {
            return Fail(UtteranceOutcome.Late, FormattableString.Invariant($"An utterance took longer than {LongestTranscribing.TotalSeconds:0} s."));
        }
    }

    private SpokenUtterance? Fail(UtteranceOutcome outcome, string reason)
    {
        Count(outcome);
        _transcription.NoteFailed(reason);
        return null;
    }

    private void Drop(WrittenUtterance utterance)
    {
        Count(UtteranceOutcome.Dropped);
        Delete(utterance.Path);
    }

    private void Count(UtteranceOutcome outcome)
    {
        _services.Metrics.UtteranceEnded(outcome);
        _transcription.Note(outcome);
    }

    /// <summary>A file that cannot be deleted goes with the next start of the server.</summary>
    private void Delete(string path)
    {
        try
        {
            RecordingFiles.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _transcription.NoteFailed(e.Message);
        }
    }

    private readonly record struct WrittenUtterance(string Path, Utterance Place);
}
