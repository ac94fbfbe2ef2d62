namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Ring-back tone on an answered call; one that should stay unanswered is told that it rings (bxml.md 4.3).</summary>
internal sealed class Ring(TimeSpan duration, bool answerCall) : Verb
{
    public static Ring Read(VerbElement element) =>
        new(element.Seconds("duration", otherwise: 5, 0.1m, 86_400), element.Boolean("answerCall", otherwise: true));

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        if (answerCall) await call.AnswerAsync(interrupted);
        if (call.IsAnswered)
        {
            await call.PlayRingBackAsync(duration, interrupted);
        }
        else
        {
            call.Ring();
            await Task.Delay(duration, call.Time, interrupted);
        }

        return VerbOutcome.Next;
    }
}
