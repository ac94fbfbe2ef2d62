using System.Security;
using Sipstead.Voice.Recordings;

namespace Sipstead.Server.Demo;

/// <summary>
/// The voice application that <c>./run --demo</c> hosts itself, as a user's own would be: webhooks in, BXML out. Who dials the other phone is connected, or
/// leaves a message when nobody answers; any other number leads to a menu: the other phone, messages, a conference, echo, digits.
/// </summary>
internal sealed class DemoApplication(DemoAccount account, DemoMailboxes mailboxes, RecordingDirectory recordings, long accountId)
{
    public const string Path = "/demo";

    private const string Menu =
        """
        <Response>
          <Gather gatherUrl="menu" maxDigits="1" repeatCount="3" firstDigitTimeout="6">
            <SpeakSentence>Welcome to Sipstead. Press 1 to call the other phone. Press 2 to hear your messages. Press 3 for the conference. Press 4 for an echo test. Press 5 to hear the digits that you press. Press 6 to end the call.</SpeakSentence>
          </Gather>
        </Response>
        """;

    private const string Conference =
        """
        <Response>
          <SpeakSentence>You are in the conference now.</SpeakSentence>
          <Conference conferenceEventUrl="conference">demo</Conference>
        </Response>
        """;

    private const string Echo =
        """
        <Response>
          <SpeakSentence>What you say now comes back to you, for twenty seconds.</SpeakSentence>
          <Echo duration="20"/>
          <Redirect redirectUrl="menu"/>
        </Response>
        """;

    private const string AskDigits =
        """
        <Response>
          <Gather gatherUrl="digits" maxDigits="20" terminatingDigits="#" interDigitTimeout="5" firstDigitTimeout="10">
            <SpeakSentence>Press some digits, then the hash key.</SpeakSentence>
          </Gather>
        </Response>
        """;

    private const string Bye = "<Response><SpeakSentence>Goodbye.</SpeakSentence><Hangup/></Response>";

    /// <summary>Maps the webhooks.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        var demo = routes.MapGroup(Path);
        MapBxml(demo, "/voice", call => OtherPhone(call) is { } other && UserOf(call.To) == other ? CallPhone(call, other) : Menu);
        MapBxml(demo, "/menu", Choose);
        MapBxml(demo, "/called", call => call.Cause == "hangup" ? Bye : LeaveMessage(call));
        MapBxml(demo, "/recorded", Keep);
        MapBxml(demo, "/digits", call => Say(call.Digits));
        MapBxml(demo, "/conference", call => call.EventType == "conferenceMemberJoin" ? "<Response><SpeakSentence>Somebody has joined.</SpeakSentence></Response>" : "<Response/>");
        demo.MapPost("/status", () => Results.NoContent());
        demo.MapGet("/messages/{recordingId}", PlayAsync);
    }

    private static void MapBxml(IEndpointRouteBuilder demo, string path, Func<DemoEvent, string> answer) => demo.MapPost(
        path, async (HttpRequest request) => Results.Text(answer(await DemoEvent.ReadAsync(request)), "application/xml; charset=utf-8"));

    private string Choose(DemoEvent call) => call.EventType == "redirect" ? Menu : call.Digits switch
    {
        "1" => OtherPhone(call) is { } other ? CallPhone(call, other) : Menu,
        "2" => PlayMessages(call),
        "3" => Conference,
        "4" => Echo,
        "5" => AskDigits,
        "" or "6" => Bye,
        _ => "<Response><SpeakSentence>There is nothing on that key.</SpeakSentence><Redirect redirectUrl=\"menu\"/></Response>",
    };

    private string CallPhone(DemoEvent call, string user) =>
        $"""
        <Response>
          <Transfer callTimeout="20" transferCompleteUrl="called" tag="{Escape(user)}" transferCallerId="Anonymous" transferCallerDisplayName="{Escape(PhoneOf(call) ?? "Sipstead")}">
            <SipUri>sip:{Escape(user)}@{Escape(account.Realm)}</SipUri>
          </Transfer>
        </Response>
        """;

    /// <summary>The tag says for whom.</summary>
    private static string LeaveMessage(DemoEvent call) =>
        $"""
        <Response>
          <SpeakSentence>{Escape(call.Tag)} does not answer. Speak now, and press the hash key at the end.</SpeakSentence>
          <Record recordCompleteUrl="recorded" maxDuration="120" silenceTimeout="5"/>
        </Response>
        """;

    private string Keep(DemoEvent call)
    {
        mailboxes.Add(call.Tag, call.RecordingId);
        return "<Response><SpeakSentence>Thank you. Your message is kept.</SpeakSentence></Response>";
    }

    private string PlayMessages(DemoEvent call)
    {
        var messages = mailboxes.Of(PhoneOf(call) ?? "");
        var played = messages.Count == 0
            ? "<SpeakSentence>You have no messages.</SpeakSentence>"
            : string.Concat(messages.Select((id, index) => $"<SpeakSentence>Message {index + 1}.</SpeakSentence><PlayAudio>messages/{Escape(id)}</PlayAudio>"));
        return $"<Response>{played}<Redirect redirectUrl=\"menu\"/></Response>";
    }

    /// <summary>The audio of a message. Who asks knows its id, which is as good as a password; recordings that are no messages stay behind the API's.</summary>
    private async Task<IResult> PlayAsync(string recordingId, CancellationToken cancellationToken) =>
        mailboxes.Has(recordingId) && await recordings.FindAsync(accountId, recordingId, cancellationToken) is { } recording
            && recordings.TryOpenMedia(recording, out var media)
            ? Results.Stream(media.Content, media.ContentType)
            : Results.NotFound();

    private static string Say(string digits)
    {
        var said = digits.Length == 0 ? "You pressed nothing." : $"You pressed <say-as interpret-as=\"characters\">{Escape(digits)}</say-as>.";
        return $"<Response><SpeakSentence>{said}</SpeakSentence><Redirect redirectUrl=\"menu\"/></Response>";
    }

    /// <summary>The phone that a call came from or rang; null when it is none of the demo's.</summary>
    private string? PhoneOf(DemoEvent call) => UserOf(call.Direction == "inbound" ? call.From : call.To) is var user && account.Phones.ContainsKey(user) ? user : null;

    private string? OtherPhone(DemoEvent call) => PhoneOf(call) is { } phone ? account.Phones.Keys.First(user => user != phone) : null;

    /// <summary>The user of a SIP URI; empty for what is none.</summary>
    private static string UserOf(string uri) =>
        uri.StartsWith("sip:", StringComparison.Ordinal) && uri.IndexOf('@', StringComparison.Ordinal) is > 4 and var at ? uri[4..at] : "";

    private static string Escape(string text) => SecurityElement.Escape(text);
}
