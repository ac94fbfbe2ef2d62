using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Credentials;

/// <summary>Reads pages of lists of credentials (contract 5.3).</summary>
internal static class SipCredentialPages
{
    /// <summary>A page, by id.</summary>
    /// <param name="all">The credentials of the realm or account: what a page may begin at.</param>
    /// <param name="matching">Those of them whose names match.</param>
    /// <param name="query">The rest of what is asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ProvisioningResult<SipCredentialPage>> ReadAsync(
        IQueryable<SipCredential> all, IQueryable<SipCredential> matching, SipCredentialQuery query, CancellationToken cancellationToken)
    {
        var firstId = query.FirstId;
        if (query.FirstUserName is { } firstName)
        {
            var key = SipCredentialRules.KeyOf(firstName);
            var named = await all.Where(c => c.UserNameKey == key).Select(c => c.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
            if (named.Count == 0)
                return ProvisioningError.Invalid(ErrorCodes.BadPage, $"page '{firstName}' is neither an ID nor the name of a credential here");
            firstId = named.Min();
        }

        if (query.ApplicationNameFragment is { } applicationFragment)
        {
            var key = ApplicationRules.KeyOf(applicationFragment);
            matching = matching.Where(c => c.Application!.NameKey.Contains(key));
        }

        var found = await matching.Where(c => c.Id >= firstId).OrderBy(c => c.Id).Take(query.Size + 1)
            .Select(c => SipCredentialChanges.Described(c, c.Realm!.Fqdn, c.Realm.DigestAlgorithms))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var nextId = found.Count > query.Size ? found[^1].Id : (long?)null;
        return new SipCredentialPage([.. found.Take(query.Size)], nextId);
    }
}
