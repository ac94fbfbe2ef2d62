using System.Text;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Messages;

namespace Sipstead.Registrar.Authentication;

/// <summary>Whose address-of-record a URI is (RFC 3261 10.3 step 5).</summary>
internal static class AddressOfRecord
{
    private const int MaxUser = 320;

    /// <summary>True for the address-of-record of the user that a right digest names: nearly all devices write both alike, which is seen without a search.</summary>
    public static bool IsOwn(ProvisioningView view, RealmEntry realm, in SipUri uri, in DigestFinding finding)
    {
        if (finding.IsExactName && uri.User.SequenceEqual(finding.UserName) && !uri.User.Contains((byte)'%') && Ascii.EqualsIgnoreCase(uri.Host, realm.FqdnUtf8.Span)) return true;
        return TryFindOwner(view, realm, uri, out var owner) && owner.Id == finding.CredentialId;
    }

    /// <summary>The credential of the URI's user, unescaped, in a realm. False when the URI is of another domain, or nobody's.</summary>
    public static bool TryFindOwner(ProvisioningView view, RealmEntry realm, in SipUri uri, out CredentialSecret owner)
    {
        owner = default;
        if (!Ascii.EqualsIgnoreCase(uri.Host, realm.FqdnUtf8.Span)) return false;
        Span<byte> user = stackalloc byte[MaxUser];
        return SipUri.TryUnescape(uri.User, user, out var length) && view.Credentials.TryFind(realm.Id, user[..length], out owner);
    }
}
