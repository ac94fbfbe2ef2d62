namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Silence (bxml.md 4.3).</summary>
internal sealed class Pause(TimeSpan duration) : Verb
{
    public static Pause Read(VerbElement element) => new(element.Seconds("duration", otherwise: 1, 0.1m, 86_400));

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        await Task.Delay(duration, call.Time, interrupted);
        return VerbOutcome.Next;
    }
}
