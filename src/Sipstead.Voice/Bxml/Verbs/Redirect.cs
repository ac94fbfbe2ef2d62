namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Goes on with the document that its URL answers (bxml.md 9). Leaves an unanswered call unanswered.</summary>
internal sealed class Redirect(CallbackTargets targets, string? tag) : Verb
{
    public static Redirect Read(VerbElement element) => new(element.RequiredCallback("redirect"), element.Tag());

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        return call.CallbackAsync(new VerbCallback("redirect", targets.Primary, targets.Fallback), interrupted);
    }
}
