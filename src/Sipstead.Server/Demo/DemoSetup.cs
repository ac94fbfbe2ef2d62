using System.Security.Cryptography;
using System.Text.Json;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Server.Demo;

/// <summary>What <c>--demo</c> made, for the start report.</summary>
/// <param name="Realm">The realm's full name.</param>
/// <param name="Phones">User names and passwords.</param>
internal sealed record DemoAccount(string Realm, string ApplicationId, IReadOnlyDictionary<string, string> Phones);

/// <summary>
/// Makes what a softphone needs to call at once: a realm, two credentials, and an application that this server hosts. Finds again what an earlier start made;
/// the passwords lie in a file of the data folder that only this user can read.
/// </summary>
internal sealed class DemoSetup(
    RealmService realms, SipCredentialService credentials, ApplicationService applications, long accountId, string dataDirectory, string baseUrl)
{
    private const string RealmName = "demo";
    private const string ApplicationName = "Sipstead demo";

    private static readonly string[] Users = ["alice", "bob"];

    private string PasswordFile => Path.Combine(dataDirectory, "demo-passwords.json");

    /// <summary>Throws <see cref="Composition.StartupException"/> with one line for what an operator can mend.</summary>
    public async Task<DemoAccount> EnsureAsync(CancellationToken cancellationToken)
    {
        var passwords = ReadOrCreatePasswords();
        var realm = await EnsureRealmAsync(cancellationToken);
        var application = await EnsureApplicationAsync(cancellationToken);
        await EnsureCredentialsAsync(realm, application.Id.ToString(), passwords, cancellationToken);
        return new DemoAccount(realm.Fqdn, application.Id.ToString(), passwords);
    }

    private async Task<RealmDetails> EnsureRealmAsync(CancellationToken cancellationToken)
    {
        if (await realms.FindAsync(accountId, RealmName, cancellationToken) is { } found) return found;
        Expect(await realms.CreateAsync(accountId, new NewRealm(RealmName, "Made by --demo", IsDefault: false), cancellationToken));
        await realms.CompletePendingAsync(cancellationToken);
        return (await realms.FindAsync(accountId, RealmName, cancellationToken))!;
    }

    private async Task<ApplicationDetails> EnsureApplicationAsync(CancellationToken cancellationToken)
    {
        var wish = new NewApplication
        {
            ServiceType = "Voice-V2", AppName = ApplicationName, CallInitiatedCallbackUrl = $"{baseUrl}{DemoApplication.Path}/voice",
            CallStatusCallbackUrl = $"{baseUrl}{DemoApplication.Path}/status",
        };
        var found = (await applications.ListAsync(accountId, cancellationToken)).FirstOrDefault(application => application.Name == ApplicationName);
        return Expect(found is null
            ? await applications.CreateAsync(accountId, wish, cancellationToken)
            : await applications.UpdateAsync(accountId, found.Id.ToString(), wish, isPartial: true, cancellationToken)); // the port may be another than last time
    }

    private async Task EnsureCredentialsAsync(
        RealmDetails realm, string applicationId, IReadOnlyDictionary<string, string> passwords, CancellationToken cancellationToken)
    {
        var wishes = passwords.Select(phone => Expect(SipPassword.Create(phone.Key, realm, phone.Value, Guid.Parse(applicationId))));
        var batch = Expect(await credentials.CreateAsync(realm, [.. wishes], cancellationToken));
        foreach (var refused in batch.Rejected.Where(one => one.Error.Code != ErrorCodes.CredentialExists))
            throw new Composition.StartupException($"The demo's credential {refused.Entry.UserName} cannot be made: {refused.Error.Description}");
    }

    private Dictionary<string, string> ReadOrCreatePasswords()
    {
        if (File.Exists(PasswordFile))
        {
            using var text = File.OpenRead(PasswordFile);
            return JsonSerializer.Deserialize(text, DemoJson.Default.DictionaryStringString)!;
        }

        var passwords = Users.ToDictionary(user => user, _ => RandomNumberGenerator.GetHexString(12, lowercase: true));
        using var file = Composition.PrivateFile.Create(PasswordFile);
        JsonSerializer.Serialize(file, passwords, DemoJson.Default.DictionaryStringString);
        return passwords;
    }

    private static T Expect<T>(ProvisioningResult<T> result)
        where T : class =>
        result.IsSuccess ? result.Value : throw new Composition.StartupException($"The demo cannot be set up: {result.Error.Description}");
}
