using Sipstead.Media.Detection;
using Sipstead.Provisioning.Api;
using Sipstead.Voice.Detection;

namespace Sipstead.Voice.Api;

/// <summary>The object machineDetection of createCall (voice-api.md 4.6).</summary>
internal static class MachineDetectionFields
{
    private const string Name = "machineDetection";
    private const double DefaultTimeout = 15;
    private const double DefaultSilenceTimeout = 10;
    private const double DefaultSpeechThreshold = 10;
    private const double DefaultSpeechEndThreshold = 5;
    private const double Shortest = 0.1;
    private const double Longest = 300;

    /// <summary>Reads it; null when it is absent. What is wrong is an error of the whole request.</summary>
    public static MachineDetection? Read(JsonFields call, bool httpsOnly)
    {
        if (call.Object(Name) is not { } fields) return null;
        var isSync = ReadMode(fields);
        var speechEnd = Seconds(fields, "speechEndThreshold", DefaultSpeechEndThreshold);
        var rules = new MachineRules(
            Seconds(fields, "speechThreshold", DefaultSpeechThreshold), speechEnd,
            Seconds(fields, "machineSpeechEndThreshold", speechEnd.TotalSeconds), fields.Flag("delayResult"));
        var targets = fields.Targets("callback", "fallback", httpsOnly);
        if (!isSync && targets is null) fields.Fail("callbackUrl is required in mode async");
        var detection = new MachineDetection(
            rules, Seconds(fields, "silenceTimeout", DefaultSilenceTimeout), Seconds(fields, "detectionTimeout", DefaultTimeout), isSync ? null : targets);
        if (fields.Error is { } error) call.Fail($"Invalid {Name}: {error}");
        return detection;
    }

    private static bool ReadMode(JsonFields fields)
    {
        var mode = fields.Text("mode", 10);
        if (mode is not (null or "sync" or "async")) fields.Fail("Invalid mode. Supported modes: [sync, async]");
        return mode == "sync";
    }

    private static TimeSpan Seconds(JsonFields fields, string name, double otherwise) => TimeSpan.FromSeconds(fields.Number(name, otherwise, Shortest, Longest));
}
