using Sipstead.Media.Recording;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Records what the party says until a key, the longest duration, or silence (bxml.md 6.1). Its webhook follows unless the call itself ended.</summary>
internal sealed class Record(RecordingWish wish, string terminatingDigits, CallbackTargets? targets, string? tag) : Verb
{
    private const int LongestDuration = 10_800;

    public static Record Read(VerbElement element)
    {
        var duration = TimeSpan.FromSeconds(element.WholeNumber("maxDuration", otherwise: 60, 1, LongestDuration));
        var wish = RecordingAttributes.Read(element, RecordingLayout.Party, duration) with
        {
            SilenceTimeout = element.Seconds("silenceTimeout", otherwise: 0, 0, LongestDuration),
        };
        return new Record(wish, GatherRules.ReadTerminatingDigits(element, otherwise: "#"), element.Callback("recordComplete"), element.Tag());
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        using var keys = call.ListenForDigits(); // before the answer: a quick caller presses right behind its ACK
        await call.AnswerAsync(interrupted);
        var running = call.Recording.Record(wish);
        try
        {
            await UntilOverAsync(keys, running, interrupted);
        }
        finally
        {
            running.Stop();
        }

        if (targets is null) return VerbOutcome.Next;
        var recording = running.Stop();
        var callback = new VerbCallback(
            "recordComplete", targets.Primary, targets.Fallback, json => RecordingEvent.WriteFields(json, recording, running.MediaUrl)) { StartTime = recording.StartTime };
        return await call.CallbackAsync(callback, interrupted);
    }

    private async Task UntilOverAsync(IDigitListener keys, IRunningRecording running, CancellationToken interrupted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        try
        {
            while (true)
            {
                var key = keys.ReadAsync(over.Token).AsTask();
                await Task.WhenAny(key, running.Ended);
                interrupted.ThrowIfCancellationRequested();
                if (!key.IsCompleted || terminatingDigits.Contains(await key, StringComparison.Ordinal)) return;
            }
        }
        finally
        {
            over.Cancel();
        }
    }
}
