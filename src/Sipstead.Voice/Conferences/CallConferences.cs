using Sipstead.Media;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Conferences;

/// <summary>The conferences that a call may join.</summary>
internal interface ICallConferences
{
    /// <summary>
    /// Joins a conference of an answered call, and stays until it is let go: then the call goes on. A call that is interrupted leaves. Where it cannot join,
    /// the call ends with <c>application-error</c>.
    /// </summary>
    Task<VerbOutcome> JoinAsync(ConferenceWish wish, CancellationToken interrupted);
}

/// <summary>Connects a call with conferences. Used on the call's mailbox.</summary>
internal sealed class CallConferences(Call call) : ICallConferences
{
    public async Task<VerbOutcome> JoinAsync(ConferenceWish wish, CancellationToken interrupted)
    {
        interrupted.ThrowIfCancellationRequested();
        var registry = call.Services.Conferences;
        var admission = registry.TryEnter(call.State.AccountId, wish.Name, () => Conference.Begin(call.Services, call, wish), out var conference);
        if (admission != ConferenceAdmission.Admitted) return VerbOutcome.ApplicationError(Explain(admission, wish.Name));
        var member = NewMember(wish);
        try
        {
            if (await conference.JoinAsync(member).WaitAsync(interrupted) is { } refusal) return VerbOutcome.ApplicationError(refusal);
            await StayAsync(member, interrupted);
            return VerbOutcome.Next;
        }
        finally
        {
            conference.Leave(member);
        }
    }

    private ConferenceMember NewMember(ConferenceWish wish) => new(new ConferenceMemberState
    {
        CallId = call.Id, From = call.State.From, To = call.State.To, JoinTime = call.Time.GetUtcNow(),
        Mute = wish.Mute, Hold = wish.Hold, CallIdsToCoach = wish.CallIdsToCoach,
    });

    private async Task StayAsync(ConferenceMember member, CancellationToken interrupted)
    {
        var media = call.Media;
        using var said = media?.Tap(AudioTrack.Inbound, member.Seat);
        media?.Play(member.Seat, static () => { });
        try
        {
            await member.Released.WaitAsync(interrupted);
        }
        finally
        {
            media?.StopPlaying();
        }
    }

    private static string Explain(ConferenceAdmission admission, string name) => admission switch
    {
        ConferenceAdmission.Full => $"Conference {name} is full; it has {Conference.MaxMembers} calls.",
        ConferenceAdmission.AccountConferences => "The account has as many conferences as it may; end one, or raise Sipstead:Voice:MaxConferencesPerAccount.",
        _ => "The server has as many conferences as it may; end one, or raise Sipstead:Voice:MaxConferences.",
    };
}
