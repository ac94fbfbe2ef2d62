using System.Text.Json;
using Sipstead.Media;
using Sipstead.Media.Detection;
using Sipstead.Provisioning.Api;

namespace Sipstead.Voice.Detection;

/// <summary>What came of machine detection.</summary>
/// <param name="Value">One of the API's words (webhooks.md 3).</param>
/// <param name="Duration">From the answer to the result.</param>
internal sealed record MachineDetectionResult(string Value, TimeSpan Duration)
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("machineDetectionResult"u8);
        json.WriteString("value"u8, Value);
        json.WriteString("duration"u8, ApiTime.Format(Duration));
        json.WriteEndObject();
    }
}

/// <summary>Machine detection on one call, from its answer on. The time is the call's: a party that sends no media at all is silent too.</summary>
internal static class MachineDetectionRun
{
    /// <summary>Listens until there is a result. Throws <see cref="OperationCanceledException"/> when the call ends before.</summary>
    public static async Task<MachineDetectionResult> DetectAsync(
        MediaSession media, MachineDetection detection, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var detector = new MachineDetector(detection.Rules, verdict => result.TrySetResult(ValueOf(verdict)));
        using var tap = media.Tap(AudioTrack.Inbound, detector);
        await using var silence = time.CreateTimer(_ => OnSilence(), null, detection.SilenceTimeout, Timeout.InfiniteTimeSpan);
        await using var end = time.CreateTimer(_ => OnTimeout(), null, detection.Timeout, Timeout.InfiniteTimeSpan);
        var value = await result.Task.WaitAsync(cancellationToken);
        return new MachineDetectionResult(value, time.GetElapsedTime(began));

        void OnSilence()
        {
            if (!detector.HasHeardSpeech) result.TrySetResult("silence");
        }

        void OnTimeout() => result.TrySetResult(detector.IsMachine ? ValueOf(MachineVerdict.Machine) : "timeout");
    }

    private static string ValueOf(MachineVerdict verdict) => verdict switch
    {
        MachineVerdict.Human => "human",
        MachineVerdict.Machine => "answering-machine",
        MachineVerdict.Tone => "tone-detected",
        _ => "error",
    };
}
