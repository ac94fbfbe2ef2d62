using System.Text;
using System.Text.Json;
using Sipstead.Sip.Messages;
using Sipstead.Voice.Api;

namespace Sipstead.Voice.Trunks;

/// <summary>What a trunk says of how it verified the caller's number (webhooks.md 3; TS 24.229 7.2A.20). Words of the trunk; nothing is decided by them.</summary>
/// <param name="Verstat"><c>TN-Validation-Passed</c> and the like; null when it says nothing.</param>
/// <param name="AttestationIndicator">A, B or C; null when it says nothing.</param>
/// <param name="OriginatingId">An identifier of where the call began; null when it says nothing.</param>
internal sealed record StirShaken(string? Verstat, string? AttestationIndicator, string? OriginatingId)
{
    /// <summary>Characters of each that are kept; more is left out.</summary>
    private const int MaximumLength = 128;

    /// <summary>Octets of a token that is kept; a longer one is left out, since half of it proves nothing.</summary>
    private const int MaximumIdentity = 2048;

    /// <summary>Reads an INVITE of a trunk; null when it says nothing.</summary>
    public static StirShaken? Read(SipMessage invite)
    {
        var read = new StirShaken(VerificationOf(invite), TextOf(invite, HeaderId.PAttestationIndicator), TextOf(invite, HeaderId.POriginationId));
        return read is { Verstat: null, AttestationIndicator: null, OriginatingId: null } ? null : read;
    }

    /// <summary>The signed token of the caller's number (RFC 8224), as it came: nobody checks it here. Null when there is none.</summary>
    public static string? IdentityOf(SipMessage invite)
    {
        var value = invite.Value(HeaderId.Identity);
        return value.Length is > 0 and <= MaximumIdentity ? Encoding.UTF8.GetString(value) : null;
    }

    /// <summary>Writes the property of a webhook.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("stirShaken");
        JsonSerializer.Serialize(json, this, VoiceJson.Api.StirShaken);
    }

    private static string? VerificationOf(SipMessage invite)
    {
        foreach (var value in invite.Values(HeaderId.PAssertedIdentity))
        {
            if (NameAddress.TryParse(value, out var identity) && Kept(TrunkCaller.ParameterOf(identity.Uri, "verstat"u8)) is { } asserted) return asserted;
        }

        return NameAddress.TryParse(invite.Value(HeaderId.From), out var from) ? Kept(TrunkCaller.ParameterOf(from.Uri, "verstat"u8)) : null;
    }

    private static string? TextOf(SipMessage invite, HeaderId id) => Kept(Encoding.UTF8.GetString(invite.Value(id)));

    private static string? Kept(string? text) => text is { Length: > 0 and <= MaximumLength } ? text : null;
}
