namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Sets the tag of this and later webhooks; blank clears it (bxml.md 9).</summary>
internal sealed class Tag(string text) : Verb
{
    public static Tag Read(VerbElement element)
    {
        if (element.Text.Length > VerbElement.MaximumTag)
            element.Fail(null, $"Tag's text has {element.Text.Length} characters; at most {VerbElement.MaximumTag} are allowed.");
        return new Tag(element.Text);
    }

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, text);
        return Task.FromResult(VerbOutcome.Next);
    }
}
