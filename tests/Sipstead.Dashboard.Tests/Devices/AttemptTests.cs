using MudBlazor;
using Sipstead.Dashboard.Devices;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.History;

namespace Sipstead.Dashboard.Tests.Devices;

/// <summary>The history of a credential, and of users that do not exist, as people read it.</summary>
public sealed class AttemptTests
{
    private const RegistrationOutcome Wrong = RegistrationOutcome.WrongPassword;

    [Fact]
    public void Repetitions_AreOneRun_WithItsFirstTimeAndCount()
    {
        var runs = AttemptRun.Of(
        [
            Bindings.Attempt(5, Wrong), Bindings.Attempt(4, Wrong), Bindings.Attempt(3, Wrong), Bindings.Attempt(2, RegistrationOutcome.Registered),
            Bindings.Attempt(1, Wrong),
        ]);

        Assert.Equal([(5, 3), (2, 1), (1, 1)], runs.Select(run => (run.Last.Number, run.Count)));
        Assert.Equal(Bindings.Start.AddSeconds(3), runs[0].First);
    }

    [Fact]
    public void AnotherSourcePort_IsTheSameRun_AnotherAddressOrPhoneIsNot()
    {
        var runs = AttemptRun.Of(
        [
            Bindings.Attempt(4, Wrong, source: "192.0.2.7:40001"), Bindings.Attempt(3, Wrong, source: "192.0.2.7:40002"),
            Bindings.Attempt(2, Wrong, source: "192.0.2.8:40002"), Bindings.Attempt(1, Wrong, source: "192.0.2.8:40002", userAgent: "Other"),
        ]);

        Assert.Equal([2, 1, 1], runs.Select(run => run.Count));
    }

    [Fact]
    public void Run_HasTheWordsOfItsOutcome()
    {
        var run = Assert.Single(AttemptRun.Of([Bindings.Attempt(1, Wrong)]));

        Assert.Equal("Wrong password: the digest does not match the credential's hash.", run.Reason);
        Assert.Equal("Type the password again, or rotate the credential.", run.Advice);
        Assert.True(run.IsRefusal);
    }

    [Fact]
    public void Standing_RegisteredPhone_IsFine()
    {
        var standing = CredentialStanding.Of([Bindings.Device(Bindings.Of(1))], Bindings.Attempt(1, RegistrationOutcome.Registered));

        Assert.Equal(new CredentialStanding(Severity.Success, "Registered: calls reach the phone."), standing);
    }

    [Fact]
    public void Standing_RegisteredPhoneAndARefusedOne_IsAWarning()
    {
        var standing = CredentialStanding.Of([Bindings.Device(Bindings.Of(1))], Bindings.Attempt(1, Wrong));

        Assert.Equal(Severity.Warning, standing.Severity);
        Assert.Contains("192.0.2.7:5060 was refused. Wrong password", standing.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Standing_LostConnection_IsAWarning() =>
        Assert.Equal(Severity.Warning, CredentialStanding.Of([Bindings.Device(Bindings.Of(1, reachable: false))], null).Severity);

    [Fact]
    public void Standing_RefusedPhone_SaysWhyAndWhatToDo()
    {
        var standing = CredentialStanding.Of([], Bindings.Attempt(1, Wrong));

        Assert.Equal(Severity.Error, standing.Severity);
        Assert.Equal(
            "Not registered. Wrong password: the digest does not match the credential's hash. Type the password again, or rotate the credential.", standing.Words);
    }

    [Fact]
    public void Standing_EndedRegistration_SaysHowItEnded()
    {
        var standing = CredentialStanding.Of([], Bindings.Attempt(1, RegistrationOutcome.Expired));

        Assert.Equal(Severity.Warning, standing.Severity);
        Assert.StartsWith("Not registered. The registration was not refreshed in time.", standing.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Standing_SilentPhone_LeadsToTheDoctor()
    {
        var standing = CredentialStanding.Of([], null);

        Assert.Equal(Severity.Info, standing.Severity);
        Assert.Contains("Connection doctor", standing.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownUsers_OfAllRealms_NewestFirst_AsFarAsTheyMatch()
    {
        IReadOnlyList<RegistrationAttempt> Of(long realmId) => realmId == 1
            ? [Unknown(5, "admin"), Unknown(2, "bob"), Unknown(1, "bob")]
            : [Unknown(4, "root"), Unknown(3, "BOB")];

        var all = UnknownUserAttempts.Find(Realms(), Of, "");
        var bobs = UnknownUserAttempts.Find(Realms(), Of, "bob");

        Assert.Equal(
            [("admin", "r1.example", 1), ("root", "r2.example", 1), ("BOB", "r2.example", 1), ("bob", "r1.example", 2)],
            all.Select(attempt => (attempt.Run.Last.UserName, attempt.RealmFqdn, attempt.Run.Count)));
        Assert.Equal(["BOB", "bob"], bobs.Select(attempt => attempt.Run.Last.UserName));
    }

    [Fact]
    public void UnknownUsers_AreNoMoreThanThePageShows()
    {
        IReadOnlyList<RegistrationAttempt> Of(long realmId) => [.. Enumerable.Range(0, 100).Select(i => Unknown(1000 - i, $"user-{i}"))];

        var found = UnknownUserAttempts.Find(Realms(), Of, "");

        Assert.Equal(UnknownUserAttempts.Max, found.Count);
        Assert.Equal("user-0", found[0].Run.Last.UserName);
    }

    private static List<RealmEntry> Realms() => [.. Enumerable.Range(1, 2).Select(id => new RealmEntry(id, 9_900_000, $"r{id}.example", 5060))];

    private static RegistrationAttempt Unknown(long number, string userName) =>
        Bindings.Attempt(number, RegistrationOutcome.UnknownUser, userName, credentialId: 0);
}
