namespace Sipstead.Voice.Bxml;

/// <summary>What a verb may ask of the conference that it runs in. All members are used on the conference's mailbox.</summary>
internal interface IVerbConference : IVerbStage
{
    /// <summary>The recording of its mix.</summary>
    IStageRecording Recording { get; }
}

/// <summary>A verb that conference BXML may hold (bxml.md 7.4).</summary>
internal interface IConferenceVerb
{
    /// <summary>As <see cref="Verb.RunAsync"/>; a failure is an outcome too, and has no other effect than that the next verb runs.</summary>
    Task<VerbOutcome> RunAsync(IVerbConference conference, CancellationToken interrupted);
}
