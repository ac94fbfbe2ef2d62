using System.Globalization;
using Sipstead.Dashboard.Accounts;
using Sipstead.Voice.Conferences;

namespace Sipstead.Dashboard.Conferences;

/// <summary>Conferences and their members in words.</summary>
internal static class ConferenceWords
{
    public static string PathOf(AccountContext account, ConferenceState conference) => account.Path($"conferences/{Uri.EscapeDataString(conference.ConferenceId)}");

    /// <summary>Who is in it.</summary>
    public static string CountOf(ConferenceState conference) =>
        conference.Members.Count == 1 ? "1 member" : string.Create(CultureInfo.InvariantCulture, $"{conference.Members.Count} members");

    /// <summary>Where its events go; null for nowhere.</summary>
    public static string? EventsOf(ConferenceState conference) =>
        conference.EventUrl is { } url ? $"{(conference.IsEventGet ? "GET" : "POST")} {url}" : null;

    /// <summary>How a member takes part, in a word or two each.</summary>
    public static IReadOnlyList<string> RolesOf(ConferenceMemberState member)
    {
        List<string> roles = [];
        if (member.Hold) roles.Add("on hold");
        if (member.Mute) roles.Add("muted");
        if (member.CallIdsToCoach.Count > 0)
            roles.Add(member.CallIdsToCoach.Count == 1 ? "coaches 1 call" : string.Create(CultureInfo.InvariantCulture, $"coaches {member.CallIdsToCoach.Count} calls"));
        return roles;
    }

    /// <summary>The parties of a member's call.</summary>
    public static string PartiesOf(ConferenceMemberState member) => $"{member.From} → {member.To}";
}
