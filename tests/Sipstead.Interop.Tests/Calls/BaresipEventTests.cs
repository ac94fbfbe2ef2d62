using System.Text.Json;
using System.Text.Json.Nodes;
using Sipstead.Interop.Tests.Baresip;
using Sipstead.Testing.Webhooks;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>Webhooks of what happens within a call of a baresip: keys, recordings, transcriptions, streams, machine detection. The scene compares their bodies.</summary>
public sealed class BaresipEventTests(InteropServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeysRecordingsAndStreams_AreTold()
    {
        await using var scene = await CreateSceneAsync();
        var destination = new UriBuilder(scene.Application.Url("/stream")) { Scheme = "ws" }.Uri;
        scene.Application.Answer("/stream", CatcherAnswer.Socket);
        scene.Application.AnswerBxml(
            "/initiate",
            "<Response><StartGather dtmfUrl=\"key\"/>"
            + $"<StartStream name=\"s\" tracks=\"both\" destination=\"{destination}\" streamEventUrl=\"stream-event\"/>"
            + $"<StartStream name=\"s\" destination=\"{destination}\" streamEventUrl=\"stream-event\"/>"
            + "<StartRecording recordingAvailableUrl=\"file\" transcribe=\"true\" transcriptionAvailableUrl=\"text\" multiChannel=\"true\"/>"
            + "<Record recordCompleteUrl=\"recorded\" recordingAvailableUrl=\"file\" terminatingDigits=\"#\"/></Response>");
        scene.Application.AnswerBxml("/recorded", "<Response><Pause duration=\"0.1\"/><StopStream name=\"s\" wait=\"true\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");
        await phone.Control.SendAsync("dial", scene.UriOf("2025550123"), Cancel);
        await phone.Control.ExpectAsync("CALL_ESTABLISHED", Cancel);
        await scene.ExpectAsync("mediaStreamStarted");
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel); // what is recorded

        await phone.PressAsync('5', Cancel);
        await phone.PressAsync('#', Cancel);

        Assert.Equal("5", (await scene.ExpectAsync("dtmf"))["digit"]);
        Assert.Equal("duplicate", (await scene.ExpectAsync("mediaStreamRejected"))["cause"]);
        var complete = await scene.ExpectAsync("recordComplete");
        Assert.Equal("closed", (await scene.ExpectAsync("mediaStreamStopped"))["cause"]);
        await scene.ExpectEndAsync("hangup");
        var files = new[] { await scene.ExpectAsync("recordingAvailable"), await scene.ExpectAsync("recordingAvailable") };
        Assert.Equal(["1", "2"], files.Select(file => file["channels"]).Order());
        Assert.Equal(complete["duration"], files.Single(file => file["recordingId"] == complete["recordingId"])["duration"]);
        var text = await scene.ExpectAsync("transcriptionAvailable");
        Assert.Equal(files.Single(file => file["channels"] == "2")["recordingId"], text["recordingId"]);
        Assert.Equal("available", text.Json.GetProperty("transcription").GetProperty("status").GetString());
    }

    [Fact]
    public async Task WhatThePhoneSays_IsTranscribed_ToASocket_AndForTheApi()
    {
        await using var scene = await CreateSceneAsync();
        var destination = new UriBuilder(scene.Application.Url("/text")) { Scheme = "ws" }.Uri;
        scene.Application.Answer("/text", CatcherAnswer.Socket);
        var toSocket = $"<StartTranscription name=\"t\" destination=\"{destination}\" transcriptionEventUrl=\"event\"/>";
        scene.Application.AnswerBxml(
            "/initiate", $"<Response>{toSocket}{toSocket}<StartTranscription name=\"kept\" transcriptionEventUrl=\"event\"/><Pause duration=\"2\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "manual");
        await phone.Control.SendAsync("dial", scene.UriOf("2025550123"), Cancel);

        Assert.Equal("t", Of(await scene.ExpectAsync("realTimeTranscriptionStarted")).GetProperty("name").GetString());
        Assert.Equal("duplicate", (await scene.ExpectAsync("realTimeTranscriptionRejected"))["cause"]);
        Assert.Equal("closed", (await scene.ExpectAsync("realTimeTranscriptionStopped"))["cause"]);
        var kept = await scene.ExpectAsync("realTimeTranscriptionAvailable");
        Assert.Equal(("kept", "available"), (Of(kept).GetProperty("name").GetString(), Of(kept).GetProperty("status").GetString()));
        await scene.ExpectEndAsync("hangup");

        static JsonElement Of(CaughtRequest told) => told.Json.GetProperty("realTimeTranscription");
    }

    [Theory]
    [InlineData("async", "machineDetectionComplete")]
    [InlineData("sync", "answer")]
    public async Task MachineDetection_HearsTheTone(string mode, string eventType)
    {
        await using var scene = await CreateSceneAsync();
        scene.Application.AnswerBxml("/answer", "<Response><Pause duration=\"60\"/></Response>");
        await using var phone = await server.StartPhoneAsync(scene.Alice, "auto");

        var callId = await scene.CallAsync(
            ("machineDetection", new JsonObject { ["mode"] = mode, ["callbackUrl"] = scene.Application.Url("/detected").ToString() }));

        var detected = await scene.ExpectAsync(eventType);
        Assert.Equal((callId, "tone-detected"), (detected.CallId, detected.Json.GetProperty("machineDetectionResult").GetProperty("value").GetString()));
        await phone.Control.SendAsync("hangup", null, Cancel);
        await scene.ExpectEndAsync("hangup");
    }

    private Task<CallScene> CreateSceneAsync()
    {
        InteropServer.Require("baresip", "baresip-core");
        return CallScene.CreateAsync(server);
    }
}
