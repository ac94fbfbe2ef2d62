using Sipstead.Provisioning.Api;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Conferences;

namespace Sipstead.Voice.Api;

/// <summary>The body of updateConference (voice-api.md 5): a redirect, or the end of the conference.</summary>
/// <param name="Redirect">Null: the conference is to be completed.</param>
internal sealed record UpdateConferenceRequest(CallbackTargets? Redirect)
{
    /// <summary>Reads and checks a body; what is wrong is <see cref="JsonFields.Error"/>.</summary>
    public static UpdateConferenceRequest? Read(JsonFields fields, VoiceOptions options)
    {
        var status = fields.Text("status", 20) ?? "active";
        if (status == "completed") return fields.Error is null ? new UpdateConferenceRequest((CallbackTargets?)null) : null;
        if (status != "active") fields.Fail("Invalid status: must be one of [active, completed]");
        var targets = fields.RedirectTargets(options);
        return fields.Error is null ? new UpdateConferenceRequest(targets) : null;
    }
}

/// <summary>The body of updateConferenceMember (voice-api.md 5).</summary>
internal static class UpdateMemberRequest
{
    private const int MaximumCallIdLength = 100;

    /// <summary>Reads and checks a body; what is wrong is <see cref="JsonFields.Error"/>. Some clients send null for a list that is to stay.</summary>
    public static MemberChange? Read(JsonFields fields)
    {
        var change = new MemberChange(
            fields.Has("mute") ? fields.Flag("mute") : null, fields.Has("hold") ? fields.Flag("hold") : null,
            fields.Texts("callIdsToCoach", ConferenceWish.MaximumCoached, MaximumCallIdLength));
        return fields.Error is null ? change : null;
    }
}
