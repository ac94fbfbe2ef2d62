using Sipstead.Sip.Admission;

namespace Sipstead.Registrar.Admission;

/// <summary>How often a password may be wrong, and how often a user may register; configuration section <c>Sipstead:Limits</c>.</summary>
public sealed record AuthenticationLimitOptions
{
    /// <summary>Wrong digests of one user from one source within <see cref="FailureWindow"/> before that source is refused as that user. Default 10.</summary>
    public int WrongPasswords { get; init; } = 10;

    /// <summary>Seconds in which wrong digests are counted together. Default 60.</summary>
    public int FailureWindow { get; init; } = 60;

    /// <summary>Seconds of the first refusal; each further one is twice as long. Default 60.</summary>
    public int FirstRefusal { get; init; } = 60;

    /// <summary>Seconds of the longest refusal. Default 3600.</summary>
    public int LongestRefusal { get; init; } = 3_600;

    /// <summary>
    /// Wrong digests of one user from all sources within the window. Above it, one is enough to refuse a source that has neither registration nor call. Default 50.
    /// </summary>
    public int WrongPasswordsOfUser { get; init; } = 50;

    /// <summary>Wrong digests from one source, of all users, within the window before the source is slowed. Default 100.</summary>
    public int WrongPasswordsOfSource { get; init; } = 100;

    /// <summary>Different users whom the realm does not know, from one source within the window, before the source is slowed. Default 10.</summary>
    public int UnknownUsers { get; init; } = 10;

    /// <summary>Seconds for which a source is slowed after the last thing that was too much. Default 60.</summary>
    public int SlowedSeconds { get; init; } = 60;

    /// <summary>REGISTER requests a second with a right digest, of one user. Default 20 (ruling 35).</summary>
    public int RegistersPerSecond { get; init; } = 20;

    /// <summary>REGISTER requests that one user may send at once. Default 200.</summary>
    public int RegisterBurst { get; init; } = AdmissionOptions.SmallestBurst;

    /// <summary>Users, sources, and pairs of them, that are remembered each; the oldest make room. Default 65,536.</summary>
    public int MaxUsers { get; init; } = 65_536;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (WrongPasswords is < 2 or > 1_000) yield return $"Sipstead:Limits:WrongPasswords is {WrongPasswords}: give 2 to 1000.";
        if (FailureWindow is < 1 or > 3_600) yield return $"Sipstead:Limits:FailureWindow is {FailureWindow}: give 1 to 3600 seconds.";
        if (FirstRefusal is < 1 or > 3_600) yield return $"Sipstead:Limits:FirstRefusal is {FirstRefusal}: give 1 to 3600 seconds.";
        if (LongestRefusal < FirstRefusal || LongestRefusal > 86_400)
            yield return $"Sipstead:Limits:LongestRefusal is {LongestRefusal}: give FirstRefusal ({FirstRefusal}) to 86400 seconds.";
        if (WrongPasswordsOfUser < WrongPasswords)
            yield return $"Sipstead:Limits:WrongPasswordsOfUser is {WrongPasswordsOfUser}: give at least WrongPasswords ({WrongPasswords}).";
        if (WrongPasswordsOfSource < WrongPasswords)
            yield return $"Sipstead:Limits:WrongPasswordsOfSource is {WrongPasswordsOfSource}: give at least WrongPasswords ({WrongPasswords}).";
        if (UnknownUsers is < 1 or > UnknownNames.MaxLimit) yield return $"Sipstead:Limits:UnknownUsers is {UnknownUsers}: give 1 to {UnknownNames.MaxLimit}.";
        if (SlowedSeconds is < 1 or > 3_600) yield return $"Sipstead:Limits:SlowedSeconds is {SlowedSeconds}: give 1 to 3600 seconds.";
        if (RegistersPerSecond is < 20 or > 1_000_000) yield return $"Sipstead:Limits:RegistersPerSecond is {RegistersPerSecond}: give 20 to 1000000 requests.";
        if (RegisterBurst < AdmissionOptions.SmallestBurst)
            yield return $"Sipstead:Limits:RegisterBurst is {RegisterBurst}: give at least {AdmissionOptions.SmallestBurst} requests.";
        if (MaxUsers is < 1_024 or > 16_777_216) yield return $"Sipstead:Limits:MaxUsers is {MaxUsers}: give 1024 to 16777216.";
    }
}
