namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>What the party says comes back to it. A verb of Sipstead, not of the API: it shows that audio flows both ways.</summary>
internal sealed class Echo(TimeSpan duration) : Verb
{
    public static Echo Read(VerbElement element) => new(element.Seconds("duration", otherwise: 30, 1, 3600));

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        await call.EchoAsync(duration, interrupted);
        return VerbOutcome.Next;
    }
}
