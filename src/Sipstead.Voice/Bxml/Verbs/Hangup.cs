namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Ends the call; one that nothing answered is rejected (bxml.md 9).</summary>
internal sealed class Hangup : Verb
{
    public static Hangup Read(VerbElement element) => new();

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted) => Task.FromResult(VerbOutcome.HangUp);
}
