using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Digest;

/// <summary>
/// A challenge that we got and can meet (RFC 3261 20.27, 20.44, RFC 7616 3.3). It is read as <see cref="DigestCredentials"/> are: unknown parameters are
/// ignored, a repeated or malformed one makes it none.
/// </summary>
internal sealed class ReceivedChallenge
{
    /// <summary>Octets of realm, nonce and opaque, each: they are sent back, and an INVITE must not grow with what somebody invents.</summary>
    private const int MaxText = 1024;

    /// <summary>Whether it came with 407: it is met in Proxy-Authorization.</summary>
    public required bool IsProxy { get; init; }

    /// <summary>Without its quotes, as sent.</summary>
    public required byte[] Realm { get; init; }

    public required byte[] Nonce { get; init; }

    /// <summary>Null when there is none.</summary>
    public required byte[]? Opaque { get; init; }

    public required DigestAlgorithm Algorithm { get; init; }

    /// <summary>Whether the algorithm is named; MD5 need not be.</summary>
    public required bool NamesAlgorithm { get; init; }

    /// <summary>What the digest is to cover.</summary>
    public required DigestQop Qop { get; init; }

    /// <summary>Whether only the nonce was wrong, so that a new one is worth another try.</summary>
    public required bool IsStale { get; init; }

    /// <summary>The first challenge of a response that can be met, since they stand in the order of preference (RFC 8760 2.4, AUTH-07).</summary>
    /// <param name="realm">The only realm that counts; null for any.</param>
    public static ReceivedChallenge? Find(SipMessage response, byte[]? realm)
    {
        var isProxy = response.StatusCode == 407;
        if (!isProxy && response.StatusCode != 401) return null;
        var id = isProxy ? HeaderId.ProxyAuthenticate : HeaderId.WwwAuthenticate;
        foreach (ref readonly var header in response.Headers)
        {
            if (header.Id != id || Read(response.ValueOf(header), isProxy) is not { } challenge) continue;
            if (realm is null || challenge.Realm.AsSpan().SequenceEqual(realm)) return challenge;
        }

        return null;
    }

    /// <summary>Reads a header value; null when it is no challenge that can be met.</summary>
    internal static ReceivedChallenge? Read(ReadOnlySpan<byte> value, bool isProxy)
    {
        var rest = value;
        var fields = default(Fields);
        if (!DigestParameters.TryReadScheme(ref rest)) return null;
        do
        {
            if (!DigestParameters.TryRead(ref rest, out var name, out var content) || !fields.TrySet(name, content)) return null;
        }
        while (!rest.IsEmpty);

        return fields.Build(isProxy);
    }

    /// <summary>The parameters while they are collected.</summary>
    private ref struct Fields
    {
        private ReadOnlySpan<byte> _realm, _nonce, _opaque, _algorithm, _qop, _stale;
        private int _seen;

        public bool TrySet(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content) => name.Length switch
        {
            5 when SipChars.IsNamed(name, "realm"u8) => Set(ref _realm, content, 1),
            5 when SipChars.IsNamed(name, "nonce"u8) => Set(ref _nonce, content, 2),
            6 when SipChars.IsNamed(name, "opaque"u8) => Set(ref _opaque, content, 4),
            9 when SipChars.IsNamed(name, "algorithm"u8) => Set(ref _algorithm, content, 8),
            3 when SipChars.IsNamed(name, "qop"u8) => Set(ref _qop, content, 16),
            5 when SipChars.IsNamed(name, "stale"u8) => Set(ref _stale, content, 32),
            _ => SipChars.IsAll(name, SipChars.Token),
        };

        public readonly ReceivedChallenge? Build(bool isProxy)
        {
            const int mandatory = 1 | 2;
            var algorithm = DigestAlgorithmTokens.Read(_algorithm);
            if ((_seen & mandatory) != mandatory || _nonce.IsEmpty || algorithm == DigestAlgorithm.Unsupported) return null;
            if (Math.Max(_realm.Length, Math.Max(_nonce.Length, _opaque.Length)) > MaxText || !TryChooseQop(algorithm, out var qop)) return null;
            return new ReceivedChallenge
            {
                IsProxy = isProxy, Realm = _realm.ToArray(), Nonce = _nonce.ToArray(), Opaque = (_seen & 4) != 0 ? _opaque.ToArray() : null,
                Algorithm = algorithm, NamesAlgorithm = !_algorithm.IsEmpty, Qop = qop, IsStale = SipChars.IsNamed(_stale, "true"u8),
            };
        }

        /// <summary>Auth where it is offered, since that survives what gateways change in bodies. The -sess algorithms need a cnonce, so a qop.</summary>
        private readonly bool TryChooseQop(DigestAlgorithm algorithm, out DigestQop qop)
        {
            qop = DigestQop.None;
            if ((_seen & 16) == 0) return !algorithm.IsSession();
            foreach (var part in _qop.Split((byte)','))
            {
                var option = SipChars.Trim(_qop[part]);
                if (SipChars.IsNamed(option, "auth"u8)) qop = DigestQop.Auth;
                else if (SipChars.IsNamed(option, "auth-int"u8) && qop == DigestQop.None) qop = DigestQop.AuthInt;
            }

            return qop != DigestQop.None;
        }

        private bool Set(ref ReadOnlySpan<byte> field, ReadOnlySpan<byte> content, int bit)
        {
            if ((_seen & bit) != 0) return false;
            _seen |= bit;
            field = content;
            return true;
        }
    }
}
