using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Conferences;

/// <summary>A conference that the registry knows: live, or what is left of it.</summary>
internal sealed class RegisteredConference(long number, Conference conference) : IKeptRecord
{
    private volatile Conference? _live = conference;
    private volatile ConferenceState? _last;

    public long Number { get; } = number;

    public string Id { get; } = conference.Id;

    public string AccountId { get; } = conference.State.AccountId;

    public DateTimeOffset? EndTime => State.CompletedTime;

    /// <summary>Null once it completed.</summary>
    public Conference? Live => _live;

    public ConferenceState State => _live?.State ?? _last!;

    public void End()
    {
        _last ??= _live!.State;
        _live = null;
    }
}
