using Sipstead.Media.Srtp;

namespace Sipstead.Media.Sdp;

/// <summary>What became of the keys of a media line: those of both, none for media in clear, or a refusal.</summary>
internal readonly record struct KeyChoice(CryptoAttribute? Ours, SrtpKeys? Keys, MediaRefusal? Refusal);

/// <summary>
/// Agrees on the keys of SRTP in offer and answer (RFC 4568 5, RFC 8643), as far as the signalling allows. Once media is encrypted, it is never agreed to be
/// in clear again (MED-13). Belongs to one thread at a time.
/// </summary>
internal sealed class KeyExchange(MediaProtection protection)
{
    public const string PlainProtocol = "RTP/AVP";
    public const string SecureProtocol = "RTP/SAVP";

    private IReadOnlyList<CryptoAttribute> _offered = [];
    private bool _isAnswered;
    private SrtpKeys? _agreed;

    /// <summary>Transport protocol of a first offer.</summary>
    public string Protocol => protection == MediaProtection.Required ? SecureProtocol : PlainProtocol;

    /// <summary>
    /// The attributes of an offer: new keys for each. An offer that waits for its answer keeps its own, since whichever party answers it will use those.
    /// </summary>
    public IReadOnlyList<CryptoAttribute> Offer()
    {
        if (protection != MediaProtection.None && (_offered.Count == 0 || _isAnswered))
            _offered = [.. SrtpSuite.Offered.Select((suite, i) => new CryptoAttribute(i + 1, SrtpKey.Create(suite)))];
        _isAnswered = false;
        return _offered;
    }

    /// <summary>Chooses the keys for a media line that is offered; nothing changes before <see cref="Agree"/>.</summary>
    public KeyChoice Answer(SdpMedia media)
    {
        var isSecure = media.Protocol == SecureProtocol;
        if (!isSecure && media.Protocol != PlainProtocol) return Refuse(302, "Incompatible transport protocol");
        if (isSecure && protection == MediaProtection.None) return Refuse(302, "Keys for RTP/SAVP are taken over TLS only");
        if (!isSecure && protection == MediaProtection.Required) return Refuse(302, "Media must be encrypted: offer RTP/SAVP");
        var theirs = protection == MediaProtection.None ? null : CryptoAttribute.ReadAll(media).FirstOrDefault();
        if (theirs is not null)
        {
            var isKept = _agreed is not null && _agreed.Receive.IsSame(theirs.Key);
            var ours = isKept ? _agreed!.Send : SrtpKey.Create(theirs.Key.Suite);
            return new KeyChoice(new CryptoAttribute(theirs.Tag, ours), new SrtpKeys(ours, theirs.Key), null);
        }

        if (isSecure) return Refuse(399, "No crypto attribute of the offer can be used");
        return _agreed is null ? default : Refuse(399, "Encrypted media cannot become plain");
    }

    /// <summary>Finds the keys of an answer to what <see cref="Offer"/> gave.</summary>
    public KeyChoice AcceptAnswer(SdpMedia media)
    {
        var isSecure = media.Protocol == SecureProtocol && protection != MediaProtection.None;
        if (!isSecure && media.Protocol != PlainProtocol) return Refuse(302, "Incompatible transport protocol");
        foreach (var theirs in CryptoAttribute.ReadAll(media))
        {
            if (_offered.FirstOrDefault(offered => offered.Tag == theirs.Tag && offered.Key.Suite == theirs.Key.Suite) is { } ours)
                return new KeyChoice(ours, new SrtpKeys(ours.Key, theirs.Key), null);
        }

        var isClear = !isSecure && (protection == MediaProtection.None || media.Find(CryptoAttribute.Name) is null);
        return isClear && _agreed is null && protection != MediaProtection.Required ? default : Refuse(399, "The answer has no key for encrypted media");
    }

    /// <summary>Takes what was chosen; the next offer gets new keys.</summary>
    public void Agree(KeyChoice choice)
    {
        _agreed = choice.Keys;
        _isAnswered = true;
    }

    private static KeyChoice Refuse(int warning, string reason) => new(null, null, MediaRefusal.NotAcceptable(warning, reason));
}
