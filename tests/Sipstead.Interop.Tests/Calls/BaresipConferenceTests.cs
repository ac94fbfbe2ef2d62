using System.Globalization;
using System.Net;
using System.Xml;
using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>Four baresip phones in a conference, each with a tone of its own as its voice: whom each hears.</summary>
public sealed class BaresipConferenceTests(InteropServer server)
{
    private static readonly (string User, int Voice)[] Members = [("alice", 700), ("bob", 1100), ("carol", 1600), ("dora", 2300)];

    /// <summary>Frames that the media clock may leave out on a machine that is busy.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_HearAllOthersAndNotThemselves_AndTheRecordingHasAll()
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.Answer("/events", request => request.EventType == "conferenceCreated"
            ? CatcherAnswer.Bxml("<Response><StartRecording recordingAvailableUrl=\"file\"/></Response>")
            : CatcherAnswer.NoContent);

        var heard = await TalkAsync(scene, (_, _) => "");

        ShouldHear(heard["alice"], "bob", "carol", "dora");
        ShouldHear(heard["bob"], "alice", "carol", "dora");
        ShouldHear(heard["carol"], "alice", "bob", "dora");
        ShouldHear(heard["dora"], "alice", "bob", "carol");
        var file = await scene.ExpectAsync("conferenceRecordingAvailable");
        var recording = Recording.TryRead(await server.Voice.DownloadAsync(new Uri(file["mediaUrl"]!), Cancel))!;
        ShouldHear(recording, "alice", "bob", "carol", "dora");
        Assert.Equal(XmlConvert.ToTimeSpan(file["duration"]!), recording.Duration);
        var lasted = TimeOf(file, "endTime") - TimeOf(file, "startTime");
        Assert.InRange(recording.Duration, lasted - Late, lasted + TimeSpan.FromSeconds(0.1));
    }

    /// <summary>Bob is mute, Carol on hold, and Dora coaches Alice.</summary>
    [Fact]
    public async Task MutedHeldAndCoach_AreHeardByNobodyButTheCoached()
    {
        await using var scene = await CreateSceneAsync();

        var heard = await TalkAsync(scene, (user, alice) => user switch
        {
            "bob" => "mute=\"true\"",
            "carol" => "hold=\"true\"",
            "dora" => $"callIdsToCoach=\"{alice}\"",
            _ => "",
        });

        ShouldHear(heard["alice"], "dora");
        ShouldHear(heard["bob"], "alice");
        ShouldHear(heard["carol"]);
        ShouldHear(heard["dora"], "alice");
    }

    private static DateTimeOffset TimeOf(CaughtRequest webhook, string name) => DateTimeOffset.Parse(webhook[name]!, CultureInfo.InvariantCulture);

    /// <summary>These voices, each for a second at least, and no other.</summary>
    private static void ShouldHear(Recording heard, params string[] users)
    {
        var times = Members.ToDictionary(member => member.User, member => heard.TimeWithTone(member.Voice, BaresipPhone.VoiceLevel));
        Assert.True(
            times.All(time => users.Contains(time.Key) ? time.Value > TimeSpan.FromSeconds(1) : time.Value == TimeSpan.Zero),
            $"in {heard.Duration}: {string.Join(", ", times)}");
    }

    /// <summary>Calls all, lets them talk once all have joined, and completes the conference.</summary>
    /// <param name="scene">The first member is its user.</param>
    /// <param name="attributes">Of Conference, for a user, once the id of Alice's call is known.</param>
    /// <returns>What each heard.</returns>
    private async Task<Dictionary<string, Recording>> TalkAsync(CallScene scene, Func<string, string?, string> attributes)
    {
        string? alice = null;
        scene.Application.Answer("/answer", request =>
        {
            var user = request["to"]!["sip:".Length..request["to"]!.IndexOf('@', StringComparison.Ordinal)];
            return CatcherAnswer.Bxml($"<Response><Conference conferenceEventUrl=\"events\" {attributes(user, alice)}>{scene.Alice.Realm.Fqdn}</Conference></Response>");
        });
        var phones = await Task.WhenAll(Members.Select(member => StartAsync(scene, member.User, member.Voice)));
        try
        {
            alice = await scene.CallAsync(("to", scene.UriOf("alice")));
            var id = (await scene.ExpectAsync("conferenceCreated"))["conferenceId"]!;
            foreach (var (user, _) in Members.Skip(1)) await scene.CallAsync(("to", scene.UriOf(user)));
            foreach (var _ in Members) await scene.ExpectAsync("conferenceMemberJoin");
            await Task.Delay(TimeSpan.FromSeconds(2.5), Cancel); // what they say to each other
            await UpdateAsync(id, $"{{\"redirectUrl\":\"{scene.Application.Url("/redirect")}\"}}");
            await scene.ExpectAsync("conferenceRedirect");
            await UpdateAsync(id, "{\"status\":\"completed\"}");
            foreach (var phone in phones) await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
            foreach (var _ in Members) await scene.ExpectAsync("conferenceMemberExit");
            await scene.ExpectAsync("conferenceCompleted");
            var heard = await Task.WhenAll(phones.Select(phone => phone.HeardAsync(Cancel)));
            return Members.Zip(heard).ToDictionary(pair => pair.First.User, pair => pair.Second);
        }
        finally
        {
            foreach (var phone in phones) await phone.DisposeAsync();
        }
    }

    private async Task UpdateAsync(string id, string body) =>
        Assert.Equal(HttpStatusCode.NoContent, (await server.Voice.SendAsync(HttpMethod.Post, $"conferences/{id}", body, Cancel)).Status);

    private async Task<BaresipPhone> StartAsync(CallScene scene, string user, int voice) => await server.StartPhoneAsync(
        user == scene.Alice.UserName ? scene.Alice : await server.AddUserAsync(scene.Alice, user, scene.ApplicationId), "auto", voice: voice);

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("baresip", "baresip-core");
        return CallScene.CreateAsync(server);
    }
}
