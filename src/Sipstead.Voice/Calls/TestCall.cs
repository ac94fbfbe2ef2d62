using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Calls;

/// <summary>A call to try a document with: no webhook is asked for it.</summary>
public sealed record TestCall
{
    /// <summary>What <see cref="From"/> is when nobody says otherwise; a number that nobody has.</summary>
    public const string DefaultFrom = "+12025550100";

    public required long AccountId { get; init; }

    /// <summary>The voice application whose status URL hears of the end; null: nobody does.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>SIP URI of a user, see <see cref="CallDirectory.AddressOf"/>.</summary>
    public required string To { get; init; }

    /// <summary>The caller's number that the device shows, E.164.</summary>
    public string From { get; init; } = DefaultFrom;

    /// <summary>The document. Its URLs must be absolute, since none delivered it.</summary>
    public required string Bxml { get; init; }
}

/// <summary>What came of the wish for a test call: exactly one of the three.</summary>
/// <param name="CallId">Of the call that was made.</param>
/// <param name="Errors">What is wrong with the document; empty when that is not the reason.</param>
/// <param name="Refusal">Why there is no call, in words that say what to do; null when that is not the reason.</param>
public sealed record TestCallResult(string? CallId, IReadOnlyList<BxmlError> Errors, string? Refusal)
{
    internal static TestCallResult Made(string callId) => new(callId, [], null);

    internal static TestCallResult Invalid(BxmlError error) => new(null, [error], null);

    internal static TestCallResult Refused(string words) => new(null, [], words);
}
