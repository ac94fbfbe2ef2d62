using System.Net;
using Sipstead.Registrar;
using Sipstead.Registrar.History;
using Sipstead.Registrar.Location;

namespace Sipstead.Dashboard.Credentials;

/// <summary>How far the phone of a credential has come: registered, or what it was refused for.</summary>
/// <param name="Registered">The newest live registration; null while there is none.</param>
/// <param name="Refusals">What went wrong, newest first; the same from the same address stands once.</param>
internal sealed record RegistrationProgress(Binding? Registered, IReadOnlyList<RegistrationProgress.Refusal> Refusals)
{
    private const int MaxRefusals = 3;
    private const int MaxAttempts = 100;

    /// <summary>One way in which registering failed.</summary>
    /// <param name="OtherUser">The user name that the realm does not know; null when it was the credential's.</param>
    public sealed record Refusal(RegistrationOutcome Outcome, IPAddress Source, DateTimeOffset LastAt, int Times, string? OtherUser)
    {
        /// <summary>What happened, as a sentence, or two.</summary>
        public string Words =>
            $"{(OtherUser is null ? "" : $"As \"{OtherUser}\" ")}from {Source}{(Times > 1 ? FormattableString.Invariant($", {Times} times") : "")}: "
            + $"{RegistrationOutcomes.ReasonOf(Outcome)} {RegistrationOutcomes.AdviceOf(Outcome)}";
    }

    /// <summary>Reads bindings and history as they are now.</summary>
    /// <param name="since">Refusals before are of no interest.</param>
    public static RegistrationProgress Read(RegistrarService registrar, long realmId, long credentialId, DateTimeOffset since) => Of(
        registrar.Find(credentialId), registrar.History.OfCredential(credentialId, limit: MaxAttempts), registrar.History.OfUnknownUsers(realmId, limit: MaxAttempts), since);

    /// <summary>Sums up. Attempts come newest first.</summary>
    public static RegistrationProgress Of(
        IEnumerable<Binding> bindings, IEnumerable<RegistrationAttempt> own, IEnumerable<RegistrationAttempt> unknown, DateTimeOffset since)
    {
        var refusals = own.Concat(unknown)
            .Where(attempt => attempt.At >= since && RegistrationOutcomes.IsRefusal(attempt.Outcome))
            .GroupBy(attempt => (attempt.Outcome, Source: attempt.Source.ToIPAddress(), OtherUser: attempt.CredentialId == 0 ? attempt.UserName : null))
            .Select(same => new Refusal(same.Key.Outcome, same.Key.Source, same.Max(attempt => attempt.At), same.Count(), same.Key.OtherUser))
            .OrderByDescending(refusal => refusal.LastAt)
            .Take(MaxRefusals);
        return new RegistrationProgress(bindings.MaxBy(binding => binding.RegisteredAt), [.. refusals]);
    }
}
