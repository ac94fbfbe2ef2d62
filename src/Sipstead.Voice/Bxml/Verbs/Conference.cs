using System.Buffers;
using Sipstead.Voice.Conferences;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Joins the conference of a name, and makes it when there is none (bxml.md 7.4). Goes on when the conference was ended through the API.</summary>
internal sealed class Conference(ConferenceWish wish) : Verb
{
    private const int MaximumName = 100;
    private const int MaximumCallId = 100;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static Conference Read(VerbElement element) => new(new ConferenceWish
    {
        Name = ReadName(element),
        Mute = element.Boolean("mute", otherwise: false),
        Hold = element.Boolean("hold", otherwise: false),
        CallIdsToCoach = ReadCallIds(element),
        Events = element.Callback("conferenceEvent"),
        Tag = element.Tag() is { Length: > 0 } tag ? tag : null,
        CallbackTimeout = ReadTimeout(element, "callbackTimeout") ?? ReadTimeout(element, "calbackTimeout"), // as the service's documentation misspells it
    });

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        return await call.Conferences.JoinAsync(wish, interrupted);
    }

    /// <summary>The text; some builders write an attribute in its place.</summary>
    private static string ReadName(VerbElement element)
    {
        var attribute = element.Text.Length == 0 ? "name" : null;
        var name = attribute is null ? element.Text : element.Value(attribute) ?? "";
        if (name.Length == 0)
            element.Fail(null, "Conference has no name; give it as text.");
        else if (name.Length > MaximumName)
            element.Fail(attribute, $"Conference's name has {name.Length} characters; at most {MaximumName} are allowed.");
        else if (name.AsSpan().ContainsAnyExcept(NameCharacters))
            element.Fail(attribute, $"Conference's name is {ErrorText.Quote(name)}; give letters, digits, '-', '_' and '.' only.");
        return name;
    }

    private static string[] ReadCallIds(VerbElement element)
    {
        const string Attribute = "callIdsToCoach";
        var ids = (element.Value(Attribute) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length > ConferenceWish.MaximumCoached)
            element.Fail(Attribute, $"Conference's {Attribute} has {ids.Length} ids; at most {ConferenceWish.MaximumCoached} are allowed.");
        else if (Array.Find(ids, id => id.Length > MaximumCallId) is { } id)
            element.Fail(Attribute, $"Conference's {Attribute} holds {ErrorText.Quote(id)}; give ids of calls, separated by commas.");
        return ids;
    }

    private static TimeSpan? ReadTimeout(VerbElement element, string attribute) =>
        element.Value(attribute) is null ? null : element.Seconds(attribute, otherwise: 15, 1, 25);
}
