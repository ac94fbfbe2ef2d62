using Sipstead.Provisioning.Locations;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Connecting;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>The attributes that Transfer and Forward have in common (bxml.md 7.1, 7.2).</summary>
internal static class TransferAttributes
{
    private const int MaximumUserToUser = 256;

    private static readonly string[] DiversionReasons =
    [
        "unknown", "user-busy", "no-answer", "unavailable", "unconditional", "time-of-day", "do-not-disturb", "deflection", "follow-me", "out-of-service", "away",
    ];

    /// <summary>Checks the text of the element SipUri, which Refer has too (bxml.md 7.5).</summary>
    public static void CheckSipUri(VerbElement part)
    {
        if (!DestinationResolver.IsUserUri(part.Text))
            part.Fail(null, $"SipUri's text is {ErrorText.Quote(part.Text)}; give a SIP URI, such as sip:user@realm.");
    }

    /// <summary>A number, or one of the words that hide it; null when absent.</summary>
    public static string? CallerId(VerbElement element, string attribute)
    {
        if (element.Value(attribute) is not { } value) return null;
        if (E164.IsNumber(value)) return value;
        if (HiddenCaller.Words.FirstOrDefault(word => word.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } hidden) return hidden;
        element.Fail(attribute, $"{element.Name}'s {attribute} is {ErrorText.Quote(value)}; give a number in E.164 form, or {string.Join(" or ", HiddenCaller.Words)}.");
        return null;
    }

    public static string? DisplayName(VerbElement element, string attribute)
    {
        var name = element.Value(attribute);
        if (name is not null && (name.Length > CallerName.MaximumLength || !CallerName.IsPlain(name)))
            element.Fail(attribute, $"{element.Name}'s {attribute} is {ErrorText.Quote(name)}; give at most {CallerName.MaximumLength} characters, none of them a control character.");
        return string.IsNullOrEmpty(name) ? null : name;
    }

    public static TimeSpan CallTimeout(VerbElement element) => element.Seconds("callTimeout", otherwise: 30, 1, 300);

    public static DiversionTreatment Diversion(VerbElement element) => element.Word("diversionTreatment", "none", "propagate", "stack") switch
    {
        "propagate" => DiversionTreatment.Propagate,
        "stack" => DiversionTreatment.Stack,
        _ => DiversionTreatment.None,
    };

    public static string DiversionReason(VerbElement element) => element.Word("diversionReason", DiversionReasons) ?? "unknown";

    public static IReadOnlyList<string> UserToUser(VerbElement element)
    {
        var text = element.Value("uui");
        if (text?.Length > MaximumUserToUser || !Calls.UserToUser.TryRead(text, out var values))
        {
            element.Fail("uui", $"{element.Name}'s uui is {ErrorText.Quote(text!)}; give {Calls.UserToUser.Form}, at most {MaximumUserToUser} characters.");
            return [];
        }

        return values;
    }
}
