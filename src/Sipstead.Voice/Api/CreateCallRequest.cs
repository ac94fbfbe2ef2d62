using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Locations;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Api;

/// <summary>The body of createCall (voice-api.md 4.1).</summary>
internal static class CreateCallRequest
{
    public const double DefaultCallTimeout = 30;
    public const double DefaultCallbackTimeout = 15;
    private const int MaximumTagLength = 4096;
    private const int MaximumUuiLength = 350;
    private const int MaximumAddressLength = 1024;

    /// <summary>Reads and checks a body; what is wrong is <see cref="JsonFields.Error"/>.</summary>
    public static NewCall? Read(JsonFields fields, long accountId, string baseUrl, VoiceOptions options)
    {
        if (!fields.Has("from") || !fields.Has("to") || !fields.Has("answerUrl") || !fields.Has("applicationId"))
            fields.Fail("Missing at least one required field. Required fields are [from, to, answerUrl, applicationId]");
        var to = fields.Text("to", MaximumAddressLength) ?? "";
        if (!E164.IsNumber(to) && !DestinationResolver.IsUserUri(to)) fields.Fail("Invalid to: must be an E164 telephone number or a SIP URI");
        var from = fields.Text("from", MaximumAddressLength) ?? "";
        if (!E164.IsNumber(from)) fields.Fail("Invalid from: must be an E164 telephone number");
        var applicationId = fields.Text("applicationId", MaximumAddressLength) ?? "";
        var targets = ReadTargets(fields, options);
        var privacy = fields.Flag("privacy");
        var call = new NewCall
        {
            AccountId = accountId, ApplicationId = applicationId, To = to, From = from, Callbacks = targets!, BaseUrl = baseUrl,
            CallTimeout = TimeSpan.FromSeconds(fields.Number("callTimeout", DefaultCallTimeout, 1, 300)),
            DisplayName = ReadDisplayName(fields, privacy), Privacy = privacy, UserToUser = ReadUserToUser(fields, to),
            Priority = fields.WholeNumber("priority", 5, 1, 5), Tag = ReadTag(fields),
            MachineDetection = MachineDetectionFields.Read(fields, options.RequireHttpsWithCredentials),
        };
        return fields.Error is null ? call : null;
    }

    /// <summary>A tag: the words of its error are the API's own.</summary>
    public static string? ReadTag(JsonFields fields)
    {
        var tag = fields.Text("tag", int.MaxValue);
        if (tag?.Length > MaximumTagLength) fields.Fail($"Could not create call: sendCallback tag must contain at most {MaximumTagLength} characters");
        return tag;
    }

    private static CallTargets? ReadTargets(JsonFields fields, VoiceOptions options)
    {
        var credentials = fields.Credentials("username", "password");
        var answer = fields.Target("answerUrl", "answerMethod", credentials, options.RequireHttpsWithCredentials);
        var fallbackCredentials = fields.Credentials("fallbackUsername", "fallbackPassword");
        var fallback = fields.Target("answerFallbackUrl", "answerFallbackMethod", fallbackCredentials, options.RequireHttpsWithCredentials);
        var disconnect = fields.Target("disconnectUrl", "disconnectMethod", credentials, options.RequireHttpsWithCredentials);
        var timeout = TimeSpan.FromSeconds(fields.Number("callbackTimeout", DefaultCallbackTimeout, 1, 25));
        if (answer is null) fields.Fail("Invalid answerUrl: only http and https are allowed");
        return answer is null ? null : new CallTargets(answer, fallback, disconnect, timeout);
    }

    private static string? ReadDisplayName(JsonFields fields, bool privacy)
    {
        var name = fields.Text("displayName", CallerName.MaximumLength);
        if (name is null) return null;
        if (!CallerName.IsPlain(name)) fields.Fail("Invalid displayName: control characters are not allowed");
        if (privacy && !HiddenCaller.Words.Contains(name)) fields.Fail($"Invalid displayName: with privacy, one of [{string.Join(", ", HiddenCaller.Words)}]");
        return name;
    }

    private static IReadOnlyList<string> ReadUserToUser(JsonFields fields, string to)
    {
        if (fields.Text("uui", MaximumUuiLength) is not { Length: > 0 } text) return [];
        if (!DestinationResolver.IsUserUri(to)) fields.Fail("Invalid uui: only for calls to SIP URIs");
        if (!UserToUser.TryRead(text, out var values)) fields.Fail($"Invalid uui: {UserToUser.Form}");
        return values;
    }
}
