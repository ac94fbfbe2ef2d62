namespace Sipstead.Voice.Bxml;

/// <summary>
/// One verb of a valid document: its attributes, and what it does. Reading it from XML is the business of its entry in the table of verbs; nothing that
/// could be refused is left for <see cref="RunAsync"/>.
/// </summary>
public abstract class Verb
{
    /// <summary>Its element in the document; set once by the reading.</summary>
    internal VerbPlace Place { get; set; }

    /// <summary>
    /// Runs on the call's mailbox, and comes back to it after each await. Throws <see cref="OperationCanceledException"/> when interrupted (hang-up,
    /// redirect, new BXML): a verb cleans up in finally and lets it pass.
    /// </summary>
    internal abstract Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted);

    /// <summary>Sets the call's tag as a tag attribute asks for it: absent leaves it, empty clears it (bxml.md 1.1).</summary>
    private protected static void SetTag(IVerbCall call, string? tag)
    {
        if (tag is not null) call.Tag = tag.Length == 0 ? null : tag;
    }
}

/// <summary>Where a verb stands in its document.</summary>
/// <param name="Name">Of its element.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">Of the element's name, from 1.</param>
internal readonly record struct VerbPlace(string Name, int Line, int Column);

/// <summary>How the call goes on after a verb.</summary>
internal abstract record VerbOutcome
{
    private VerbOutcome()
    {
    }

    /// <summary>With the next verb; without one the call is hung up.</summary>
    public static VerbOutcome Next { get; } = new GoOn();

    /// <summary>With an end: <c>Hangup</c>, or a failure with a cause of webhooks.md 4 and a message for its owner.</summary>
    public static VerbOutcome End(string cause, string? message = null) => new Ended(cause, message);

    /// <summary>With a normal end: Hangup.</summary>
    public static VerbOutcome HangUp { get; } = End("hangup");

    /// <summary>As the call goes on when no verb is left: with a normal end, unless something waits for just that.</summary>
    public static VerbOutcome OutOfVerbs { get; } = new Ended("hangup", null) { IsOutOfVerbs = true };

    /// <summary>With the end that a legal document gets when it asks for something impossible.</summary>
    public static VerbOutcome ApplicationError(string message) => End("application-error", message);

    /// <summary>With the verbs of another document; those after this verb never run.</summary>
    public static VerbOutcome Replace(BxmlDocument document) => new Replaced(document);

    internal sealed record GoOn : VerbOutcome;

    internal sealed record Ended(string Cause, string? Message) : VerbOutcome
    {
        public bool IsOutOfVerbs { get; init; }
    }

    internal sealed record Replaced(BxmlDocument Document) : VerbOutcome;
}
