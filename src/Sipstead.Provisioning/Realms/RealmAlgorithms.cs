using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Realms;

/// <summary>
/// Which credentials stand in the way when a realm offers an algorithm more: those without its hash, since a password that is not known
/// cannot be hashed again (ruling 3).
/// </summary>
internal static class RealmAlgorithms
{
    private const int ShownNames = 10;

    /// <summary>The error that names them; null when nothing is in the way. MD5 needs no check: every credential has a Hash1.</summary>
    public static async Task<ProvisioningError?> CheckCredentialsAsync(
        ProvisioningContext database, Realm realm, DigestAlgorithms algorithms, CancellationToken cancellationToken)
    {
        var added = algorithms & ~realm.DigestAlgorithms;
        var credentials = database.SipCredentials.Where(c => c.RealmId == realm.Id);
        return await CheckAsync(
                added, DigestAlgorithms.Sha256, "Hash1Sha256", credentials.Where(c => c.Hash1Sha256 == null), cancellationToken)
            .ConfigureAwait(false)
            ?? await CheckAsync(
                added, DigestAlgorithms.Sha512256, "Hash1Sha512256", credentials.Where(c => c.Hash1Sha512256 == null), cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task<ProvisioningError?> CheckAsync(
        DigestAlgorithms added, DigestAlgorithms algorithm, string hash, IQueryable<SipCredential> without, CancellationToken cancellationToken)
    {
        if (!added.HasFlag(algorithm)) return null;
        var count = await without.CountAsync(cancellationToken).ConfigureAwait(false);
        if (count == 0) return null;
        var names = await without.OrderBy(c => c.UserNameKey).Select(c => c.UserName).Take(ShownNames)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var more = count > names.Count ? FormattableString.Invariant($" and {count - names.Count} more") : "";
        return ProvisioningError.Conflict(
            ErrorCodes.RealmInUse,
            FormattableString.Invariant(
                $"{DigestAlgorithmNames.Format(algorithm)} cannot be offered while SIP credentials of the realm have no {hash} ({count}: {string.Join(", ", names)}{more}). Give these a new password, or delete them, first."));
    }
}
