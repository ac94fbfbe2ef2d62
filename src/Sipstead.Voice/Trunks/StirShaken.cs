using System.Text;
using System.Text.Json;
using Sipstead.Sip.Messages;

namespace Sipstead.Voice.Trunks;

/// <summary>What a trunk says of how it verified the caller's number (webhooks.md 3; TS 24.229 7.2A.20). Words of the trunk; nothing is decided by them.</summary>
/// <param name="Verification"><c>TN-Validation-Passed</c> and the like; null when it says nothing.</param>
/// <param name="Attestation">A, B or C; null when it says nothing.</param>
/// <param name="Origin">An identifier of where the call began; null when it says nothing.</param>
internal sealed record StirShaken(string? Verification, string? Attestation, string? Origin)
{
    /// <summary>Characters of each that are kept; more is left out.</summary>
    private const int MaximumLength = 128;

    /// <summary>Reads an INVITE of a trunk; null when it says nothing.</summary>
    public static StirShaken? Read(SipMessage invite)
    {
        var read = new StirShaken(VerificationOf(invite), TextOf(invite, HeaderId.PAttestationIndicator), TextOf(invite, HeaderId.POriginationId));
        return read is { Verification: null, Attestation: null, Origin: null } ? null : read;
    }

    /// <summary>Writes the property of a webhook.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("stirShaken");
        if (Verification is not null) json.WriteString("verstat", Verification);
        if (Attestation is not null) json.WriteString("attestationIndicator", Attestation);
        if (Origin is not null) json.WriteString("originatingId", Origin);
        json.WriteEndObject();
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
