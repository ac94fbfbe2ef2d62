using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Digest;

namespace Sipstead.Registrar.Authentication;

/// <summary>What a realm offers, in the terms of challenges and credentials: the same to every user (AUTH-06, ruling 3).</summary>
internal static class DigestOffer
{
    /// <summary>The algorithms that a realm can offer, in the order of their challenges (RFC 8760 2.3).</summary>
    public static ReadOnlySpan<DigestAlgorithm> StrongestFirst => [DigestAlgorithm.Sha512256, DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>The realm setting of an algorithm; none for what no realm offers, which the -sess variants are.</summary>
    public static DigestAlgorithms SettingOf(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => DigestAlgorithms.Md5,
        DigestAlgorithm.Sha256 => DigestAlgorithms.Sha256,
        DigestAlgorithm.Sha512256 => DigestAlgorithms.Sha512256,
        _ => DigestAlgorithms.None,
    };

    public static bool Offers(this RealmEntry realm, DigestAlgorithm algorithm) => (realm.DigestAlgorithms & SettingOf(algorithm)) != 0;

    /// <summary>Whether credentials follow one of the realm's challenges; those that do not are a downgrade, if not a mistake (S-05).</summary>
    public static bool Offers(this RealmEntry realm, in DigestCredentials digest) =>
        realm.Offers(digest.Algorithm) && (digest.Qop != DigestQop.AuthInt || DigestChallenge.OffersIntegrity(digest.Algorithm));
}
