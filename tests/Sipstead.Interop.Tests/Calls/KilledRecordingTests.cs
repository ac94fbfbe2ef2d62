using System.Globalization;
using System.Net;
using System.Xml;
using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Phones;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>A server that its tests kill.</summary>
public sealed class KilledServer : InteropServer;

/// <summary>kill -9 of a server that records a baresip: what docs/recordings.md promises is there after the next start.</summary>
public sealed class KilledRecordingTests(KilledServer server) : IClassFixture<KilledServer>
{
    /// <summary>What is said before the end, and how much of it may be lost: what the process had not written yet.</summary>
    private static readonly TimeSpan Said = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(1.5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RecordingsThatTheEndCutOff_ArePartial_AndCanBePlayed()
    {
        InteropServer.Require("baresip", "baresip-core");
        await using var scene = await CallScene.CreateAsync(server);
        scene.Application.AnswerBxml(
            "/answer",
            "<Response><StartRecording multiChannel=\"true\" recordingAvailableUrl=\"file\"/><Record maxDuration=\"60\" recordingAvailableUrl=\"file\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "auto");
        var callId = await scene.CallAsync();
        await scene.ExpectAsync("answer");
        var started = TimeProvider.System.GetTimestamp();
        await Task.Delay(Said, Cancel);

        await server.KillAndStartAsync();

        var longest = TimeProvider.System.GetElapsedTime(started);
        var listed = await server.Voice.SendAsync(HttpMethod.Get, $"calls/{callId}/recordings", null, Cancel);
        Assert.True(listed.Status == HttpStatusCode.OK && listed.Json.GetArrayLength() == 2, listed.ToString());
        foreach (var recording in listed.Json.EnumerateArray())
        {
            Assert.Equal(("partial", "wav"), (recording.GetProperty("status").GetString(), recording.GetProperty("fileFormat").GetString()));
            var duration = XmlConvert.ToTimeSpan(recording.GetProperty("duration").GetString()!);
            Assert.InRange(duration, Said - Lost, longest);
            var end = DateTimeOffset.Parse(recording.GetProperty("endTime").GetString()!, CultureInfo.InvariantCulture);
            Assert.True(end <= TimeProvider.System.GetUtcNow());
            var media = Recording.TryRead(await server.Voice.DownloadAsync(new Uri(recording.GetProperty("mediaUrl").GetString()!), Cancel))!;
            Assert.Equal(duration, media.Duration);
            Assert.True(media.TimeOfTone(BaresipPhone.VoiceFrequency) > Said - Lost - TimeSpan.FromSeconds(0.5), $"{media.TimeOfTone(BaresipPhone.VoiceFrequency)} of {duration}");
        }

        Assert.DoesNotContain(scene.Application.Requests, request => request.EventType == "recordingAvailable");
    }
}
