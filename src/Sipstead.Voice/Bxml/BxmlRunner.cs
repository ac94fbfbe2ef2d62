using Microsoft.Extensions.Logging;

namespace Sipstead.Voice.Bxml;

/// <summary>Runs documents on a call: verb after verb, and the document that a webhook answered instead of the rest.</summary>
internal sealed class BxmlRunner(ILogger<BxmlRunner> logger)
{
    /// <summary>Documents in a row that may end in less than a second each. More are two webhooks that send the call to each other for ever.</summary>
    internal const int MaximumHastyDocuments = 100;

    private static readonly TimeSpan Hasty = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs until a verb ends the call or none is left. Throws nothing but <see cref="OperationCanceledException"/>, when interrupted. Runs on the
    /// call's mailbox.
    /// </summary>
    public async Task<VerbOutcome.Ended> RunAsync(BxmlDocument document, IVerbCall call, CancellationToken interrupted)
    {
        for (var hasty = 0; ;)
        {
            var started = call.Time.GetTimestamp();
            switch (await RunVerbsAsync(document, call, interrupted))
            {
                case VerbOutcome.Ended ended:
                    return ended;
                case VerbOutcome.Replaced next:
                    document = next.Document;
                    break;
            }

            hasty = call.Time.GetElapsedTime(started) < Hasty ? hasty + 1 : 0;
            if (hasty == MaximumHastyDocuments)
            {
                return (VerbOutcome.Ended)VerbOutcome.ApplicationError(
                    $"{MaximumHastyDocuments} documents in a row ended within a second each; webhooks seem to redirect the call in a circle.");
            }
        }
    }

    private async Task<VerbOutcome> RunVerbsAsync(BxmlDocument document, IVerbCall call, CancellationToken interrupted)
    {
        foreach (var verb in document.Verbs)
        {
            var outcome = await VerbStep.RunAsync(
                call, document, verb, () => verb.RunAsync(call, interrupted), failure => VoiceLog.VerbFailed(logger, call.Id, verb.Place.Name, failure), interrupted);
            if (outcome != VerbOutcome.Next) return outcome;
        }

        return VerbOutcome.OutOfVerbs;
    }
}
