using Sipstead.Provisioning.Api;
using Sipstead.Voice.Callbacks;

namespace Sipstead.Voice.Api;

/// <summary>The body of updateCall (voice-api.md 4.4): a redirect, or the end of the call.</summary>
/// <param name="Redirect">Null: the call is to be completed.</param>
internal sealed record UpdateCallRequest(CallRedirect? Redirect)
{
    /// <summary>Reads and checks a body; what is wrong is <see cref="JsonFields.Error"/>.</summary>
    public static UpdateCallRequest? Read(JsonFields fields, VoiceOptions options)
    {
        // The one place where null is not as absent: the service refuses it.
        if (fields.IsNull("state")) fields.Fail("Invalid state: must be one of [active, completed]");
        var state = fields.Text("state", 20) ?? "active";
        if (state == "completed") return fields.Error is null ? new UpdateCallRequest((CallRedirect?)null) : null;
        if (state != "active") fields.Fail("Invalid state: must be one of [active, completed]");
        var targets = fields.RedirectTargets(options);
        var tag = CreateCallRequest.ReadTag(fields);
        return fields.Error is null ? new UpdateCallRequest(new CallRedirect(targets!.Primary, targets.Fallback, tag)) : null;
    }
}
