using Sipstead.Media.Audio;

namespace Sipstead.Voice.Conferences;

/// <summary>A call's seat in a conference. Its state belongs to the conference's mailbox.</summary>
internal sealed class ConferenceMember(ConferenceMemberState state)
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConferenceMemberState State { get; set; } = state;

    public MixerSeat Seat { get; } = new();

    /// <summary>Over when the conference lets go of the call.</summary>
    public Task Released => _released.Task;

    public bool IsCoach => State.CallIdsToCoach.Count > 0;

    public MixerRole Role => State switch
    {
        { Hold: true } => MixerRole.Held,
        { Mute: true } => MixerRole.Listener,
        _ => IsCoach ? MixerRole.Coach : MixerRole.Speaker,
    };

    public void Release() => _released.TrySetResult();
}
