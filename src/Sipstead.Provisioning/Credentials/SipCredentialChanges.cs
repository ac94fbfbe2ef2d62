using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Credentials;

/// <summary>What a change of credentials does to rows and view, whichever API names them.</summary>
internal static class SipCredentialChanges
{
    /// <summary>A stored credential as the APIs show it.</summary>
    public static SipCredentialDetails Described(SipCredential credential, string realmFqdn, DigestAlgorithms realmAlgorithms) => new()
    {
        Id = credential.Id,
        RealmId = credential.RealmId,
        RealmFqdn = realmFqdn,
        RealmAlgorithms = realmAlgorithms,
        UserName = credential.UserName,
        HasDomain = credential.HasDomain,
        Hash1 = credential.Hash1,
        Hash1b = credential.Hash1b,
        Sha = credential.Sha,
        HttpVoiceV2AppId = credential.ApplicationId?.ToString("D"),
    };

    /// <inheritdoc cref="Described(SipCredential, string, DigestAlgorithms)"/>
    public static SipCredentialDetails Described(SipCredential credential, RealmDetails realm) =>
        Described(credential, realm.Fqdn, realm.DigestAlgorithms);

    /// <summary>Stores entries that were checked.</summary>
    public static async Task<List<SipCredentialDetails>> InsertAsync(
        StoreWrite write, IReadOnlyList<PlacedSipCredential> entries, CancellationToken cancellationToken)
    {
        var created = entries.Select(one => Stored(one.Entry, one.Realm!)).ToList();
        await write.Database.InsertAsync(created, cancellationToken).ConfigureAwait(false);
        if (created.Count > 0) write.Audit.AddCreated(entries[0].Realm!.AccountId, created); // all are of one account
        write.OnCommitted(view =>
        {
            foreach (var (credential, placed) in created.Zip(entries))
            {
                view.AddCredential(
                    placed.Realm!.AccountId, Secret(credential), credential.UserName, credential.ApplicationId, HashText.Pack(credential.Sha));
            }
        });
        return [.. created.Zip(entries).Select(one => Described(one.First, one.Second.Realm!))];
    }

    /// <summary>Gives a credential new hashes, and perhaps another application.</summary>
    public static async Task<ProvisioningResult<SipCredentialDetails>> UpdateAsync(
        StoreWrite write, RealmDetails realm, SipCredential credential, SipCredentialUpdate update, CancellationToken cancellationToken)
    {
        if (SipCredentialRules.Check(update, realm) is { } error) return error;
        var applications = await SipCredentialEntries
            .ApplicationsAsync(write.Database, realm.AccountId, [update.HttpVoiceV2AppId], cancellationToken).ConfigureAwait(false);
        if (SipCredentialEntries.CheckApplication(update.HttpVoiceV2AppId, applications, realm.AccountId) is { } noApplication)
            return noApplication;

        var hash1 = HashText.Normalise(update.Hash1!);
        var sha = update.Sha is { } given ? HashText.Normalise(given) : credential.Hash1 == hash1 ? credential.Sha : ShaHashes.None;
        var offered = await write.Database.Realms.Where(r => r.Id == realm.Id).Select(r => r.DigestAlgorithms)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (SipCredentialRules.CheckOffered(sha, offered) is { } missing) return missing;

        var application = credential.ApplicationId;
        if (update.HttpVoiceV2AppId is not null) credential.ApplicationId = SipCredentialRules.ApplicationOf(update.HttpVoiceV2AppId);
        if (SetHashes(credential, hash1, NormaliseOptional(update.Hash1b), sha))
        {
            write.OnCommitted(view => view.SetHashes(
                realm.AccountId, Secret(credential), credential.UserName, credential.ApplicationId, HashText.Pack(credential.Sha)));
        }
        else if (credential.ApplicationId != application)
        {
            write.OnCommitted(view => view.SetApplication(
                realm.AccountId, Secret(credential), credential.UserName, credential.ApplicationId, HashText.Pack(credential.Sha)));
        }

        return Described(credential, realm);
    }

    /// <summary>Removes a credential.</summary>
    public static SipCredentialDetails Delete(StoreWrite write, RealmDetails realm, SipCredential credential)
    {
        write.Database.SipCredentials.Remove(credential);
        write.OnCommitted(view => view.RemoveCredential(realm.AccountId, realm.Id, credential.Id));
        return Described(credential, realm);
    }

    private static bool SetHashes(SipCredential credential, string hash1, string? hash1b, ShaHashes sha)
    {
        if (credential.Hash1 == hash1 && credential.Hash1b == hash1b && credential.Sha == sha) return false;
        credential.Hash1 = hash1;
        credential.Hash1b = hash1b;
        credential.Sha = sha;
        credential.HashRevision++;
        return true;
    }

    private static SipCredential Stored(NewSipCredential entry, RealmDetails realm) => new()
    {
        RealmId = realm.Id,
        UserName = entry.CompositeName!,
        UserNameKey = SipCredentialRules.KeyOf(entry.CompositeName!),
        HasDomain = !string.IsNullOrEmpty(entry.Domain),
        Hash1 = HashText.Normalise(entry.Hash1!),
        Hash1b = NormaliseOptional(entry.Hash1b),
        Sha = HashText.Normalise(entry.Sha),
        HashRevision = 1,
        ApplicationId = SipCredentialRules.ApplicationOf(entry.HttpVoiceV2AppId),
    };

    private static View.CredentialSecret Secret(SipCredential c) =>
        new(c.Id, c.RealmId, c.HashRevision, HashText.Parse(c.Hash1), HashText.Parse(c.Hash1b));

    private static string? NormaliseOptional(string? hash) => string.IsNullOrEmpty(hash) ? null : HashText.Normalise(hash);
}
