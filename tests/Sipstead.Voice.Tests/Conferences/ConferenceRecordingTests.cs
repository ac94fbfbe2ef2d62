using System.Text;
using Sipstead.Media.Audio;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Tests.Recordings;

namespace Sipstead.Voice.Tests.Conferences;

/// <summary>Recordings of the mix (bxml.md 6.2, 7.4, webhooks.md 5).</summary>
public sealed class ConferenceRecordingTests : ConferenceTest
{
    [Fact]
    public async Task StartAndStop_RecordsWhatAllHear_AndTellsOfTheFile()
    {
        var alice = await JoinAsync("alice", "tag=\"t\"", frequency: 440);
        await JoinAsync("bob", frequency: 1000);
        await JoinAsync("coach", $"callIdsToCoach=\"{alice.Call.Id}\"", frequency: 1500);
        var conference = Live();
        await RunAsync(conference, $"<StartRecording recordingAvailableUrl=\"{Voice.Catcher.Url("/file")}\" multiChannel=\"true\" transcribe=\"true\" tag=\"x\"/>");

        Talk(100);
        await RunAsync(conference, "<PauseRecording/>");
        Talk(50);
        await RunAsync(conference, "<ResumeRecording/><StartRecording/>");
        Talk(25);
        await RunAsync(conference, "<StopRecording/>");

        var file = await Voice.ExpectAsync("conferenceRecordingAvailable");
        Assert.Equal(
            ("/file", conference.Id, "room", "t", "1", "wav", "complete"),
            (file.Path, file["conferenceId"], file["name"], file["tag"], file["channels"], file["fileFormat"], file["status"]));
        Assert.Equal($"{conference.BaseUrl}/accounts/9900000/conferences/{conference.Id}/recordings/{file["recordingId"]}/media", file["mediaUrl"]);
        Assert.Equal("PT2.5S", file["duration"]);
        Assert.Null(file.CallId);
        var samples = WavSamples.Channel(await File.ReadAllBytesAsync(Path.Combine(Voice.Files.Directory, "9900000", $"{file["recordingId"]}.wav"), Cancel));
        Assert.Equal(5 * AudioFormat.SampleRate / 2, samples.Length);
        Assert.InRange(WavSamples.Amplitude(samples, 440), 5_000, 7_000);
        Assert.InRange(WavSamples.Amplitude(samples, 1000), 5_000, 7_000);
        Assert.InRange(WavSamples.Amplitude(samples, 1500), 0, 400);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == "transcriptionAvailable");
    }

    [Fact]
    public async Task End_EndsTheRecording()
    {
        await JoinAsync("alice", frequency: 440);
        var conference = Live();
        await RunAsync(conference, $"<StartRecording recordingAvailableUrl=\"{Voice.Catcher.Url("/file")}\"/>");
        Talk(10);
        Assert.True(await conference.CompleteAsync());
        Assert.Equal("complete", (await Voice.ExpectAsync("conferenceRecordingAvailable"))["status"]);
        Assert.Equal("conferenceCompleted", (await EventsAsync(4))[^1].EventType);
    }

    private static async Task RunAsync(Conference conference, string verbs)
    {
        var octets = Encoding.UTF8.GetBytes($"<Bxml>{verbs}</Bxml>");
        Assert.True(await conference.AddBxmlAsync(new GivenBxml(BxmlReader.Read(octets, null, BxmlContext.Conference).Document!, octets)));
        await conference.Mailbox.AskAsync(() => true);
    }
}
