namespace Sipstead.Voice.Bxml.Runs;

/// <summary>A document that a call was given, and what ran of it so far. Immutable: a look at one moment.</summary>
/// <param name="At">When the call got it.</param>
/// <param name="Text">As it came; empty when a webhook was answered without a body, which hangs up.</param>
/// <param name="Error">Why nothing of it ran, with its place; null when it is valid.</param>
/// <param name="Verbs">Those that ran or run, in order: the last ones, when there are very many.</param>
public sealed record BxmlRun(BxmlSource Source, DateTimeOffset At, string Text, BxmlError? Error, IReadOnlyList<RanVerb> Verbs);

/// <summary>How the run of a verb went.</summary>
public enum VerbEnd
{
    /// <summary>It runs still.</summary>
    None,

    /// <summary>It is done, and the next one runs.</summary>
    Done,

    /// <summary>A webhook of it was answered by another document, which runs instead of the rest.</summary>
    Replaced,

    /// <summary>It ended the call.</summary>
    EndedCall,

    /// <summary>The call ended or was redirected while it ran.</summary>
    Interrupted,
}

/// <summary>A verb that ran.</summary>
/// <param name="Name">Of its element.</param>
/// <param name="Line">Of its element in the document, from 1.</param>
/// <param name="Column">Of its element's name, from 1.</param>
/// <param name="EndTime">Null while it runs.</param>
/// <param name="Cause">The cause of the call's end, where the verb ended it; else null.</param>
/// <param name="Message">What went wrong, in words; null when nothing did.</param>
public sealed record RanVerb(
    string Name, int Line, int Column, DateTimeOffset StartTime, DateTimeOffset? EndTime = null, VerbEnd End = VerbEnd.None, string? Cause = null,
    string? Message = null);
