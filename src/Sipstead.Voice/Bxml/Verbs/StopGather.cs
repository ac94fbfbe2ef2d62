namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Ends what StartGather began; nothing without one (bxml.md 5.2).</summary>
internal sealed class StopGather : Verb
{
    public static StopGather Read(VerbElement element) => new();

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        call.Keys.Stop();
        return Task.FromResult(VerbOutcome.Next);
    }
}
