using Microsoft.Extensions.Logging;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Conferences;

/// <summary>
/// Runs the documents of a conference: one after the other, and of each one verb after the other; a verb that fails is skipped (bxml.md 7.4). Belongs to the
/// conference's mailbox.
/// </summary>
internal sealed class ConferenceDocuments(IVerbConference conference, VoiceMetrics metrics, ILogger logger)
{
    /// <summary>Documents that may wait.</summary>
    internal const int MaxWaiting = 100;

    private readonly Queue<BxmlDocument> _waiting = new();
    private bool _isRunning;

    /// <summary>Adds a document. False when too many wait.</summary>
    /// <param name="ended">Ends what runs, and what waits.</param>
    public bool TryAdd(BxmlDocument document, CancellationToken ended)
    {
        if (_waiting.Count == MaxWaiting)
        {
            metrics.ConferenceDocumentDropped();
            VoiceLog.ConferenceDocumentDropped(logger, conference.Id, MaxWaiting);
            return false;
        }

        _waiting.Enqueue(document);
        if (!_isRunning) _ = RunAsync(ended);
        return true;
    }

    private async Task RunAsync(CancellationToken ended)
    {
        _isRunning = true;
        try
        {
            while (_waiting.TryDequeue(out var document)) await RunAsync(document, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            _waiting.Clear();
        }
        finally
        {
            _isRunning = false;
        }
    }

    private async Task RunAsync(BxmlDocument document, CancellationToken ended)
    {
        foreach (var verb in document.Verbs)
        {
            var outcome = await VerbStep.RunAsync(
                conference, document, verb, () => ((IConferenceVerb)verb).RunAsync(conference, ended),
                failure => VoiceLog.ConferenceVerbFailed(logger, verb.Place.Name, conference.Id, failure), ended);
            if (outcome is VerbOutcome.Ended failure) VoiceLog.ConferenceVerbSkipped(logger, verb.Place.Name, conference.Id, failure.Message ?? failure.Cause);
        }
    }
}
