using Sipstead.Provisioning.View;
using Sipstead.Registrar.History;

namespace Sipstead.Dashboard.Devices;

/// <summary>An attempt with a user name that a realm does not have.</summary>
public sealed record UnknownUserAttempt(AttemptRun Run, string RealmFqdn);

/// <summary>Who tries user names that do not exist.</summary>
internal static class UnknownUserAttempts
{
    /// <summary>Entries that the page shows at most.</summary>
    public const int Max = 50;

    /// <summary>The last ones in some realms, newest first, repetitions as one.</summary>
    /// <param name="ofRealm">The attempts of unknown users of a realm, newest first.</param>
    /// <param name="text">What user name, address or User-Agent contains, in any case; empty for all.</param>
    public static IReadOnlyList<UnknownUserAttempt> Find(
        IReadOnlyList<RealmEntry> realms, Func<long, IReadOnlyList<RegistrationAttempt>> ofRealm, string text)
    {
        var found = new List<UnknownUserAttempt>();
        foreach (var realm in realms)
        {
            var attempts = ofRealm(realm.Id).Where(attempt => Matches(attempt, text)).ToList();
            found.AddRange(AttemptRun.Of(attempts).Take(Max).Select(run => new UnknownUserAttempt(run, realm.Fqdn)));
        }

        return [.. found.OrderByDescending(attempt => attempt.Run.Last.Number).Take(Max)];
    }

    private static bool Matches(RegistrationAttempt attempt, string text)
    {
        return text.Length == 0 || IsIn(attempt.UserName) || IsIn(attempt.UserAgent) || IsIn(attempt.Contact) || IsIn(attempt.Source.ToString());

        bool IsIn(string value) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
