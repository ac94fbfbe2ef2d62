using System.Text.Json;
using Sipstead.Voice.Conferences;

namespace Sipstead.Voice.Callbacks;

/// <summary>The bodies of conference events (webhooks.md 5).</summary>
internal static class ConferenceEvent
{
    /// <summary>An event of a conference: the properties that all have, then its own.</summary>
    public static byte[] Write(string eventType, ConferenceState conference, DateTimeOffset now, Action<Utf8JsonWriter>? fields) =>
        EventBody.Write(eventType, now, json =>
        {
            json.WriteString("conferenceId", conference.ConferenceId);
            json.WriteString("name", conference.Name);
            if (conference.Tag is not null) json.WriteString("tag", conference.Tag);
            fields?.Invoke(json);
        });

    /// <summary>The properties of <c>conferenceMemberJoin</c> and <c>conferenceMemberExit</c>.</summary>
    public static void WriteMember(Utf8JsonWriter json, ConferenceMemberState member)
    {
        json.WriteString("callId", member.CallId);
        json.WriteString("from", member.From);
        json.WriteString("to", member.To);
    }
}
