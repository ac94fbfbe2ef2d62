using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Digest;

/// <summary>
/// View of an Authorization or Proxy-Authorization value (RFC 3261 25.1, RFC 7616 3.4). Parameters in any order, unknown ones ignored. A repeated
/// parameter, a missing mandatory one, bad syntax or another scheme make it no credentials at all (AUTH-19), and so do a user name that is a hash
/// (<c>userhash</c>, AUTH-20) and a response of another length than the algorithm's.
/// </summary>
public readonly ref struct DigestCredentials
{
    /// <summary>User name without its quotes, quoted pairs not decoded.</summary>
    public ReadOnlySpan<byte> UserName { get; internal init; }

    public ReadOnlySpan<byte> Realm { get; internal init; }

    public ReadOnlySpan<byte> Nonce { get; internal init; }

    /// <summary>The digest's uri, as sent.</summary>
    public ReadOnlySpan<byte> Uri { get; internal init; }

    public ReadOnlySpan<byte> CNonce { get; internal init; }

    /// <summary>The eight hexadecimal digits of nc as sent; empty without qop.</summary>
    public ReadOnlySpan<byte> NonceCountText { get; internal init; }

    /// <summary>Value of nc; 0 without qop.</summary>
    public uint NonceCount { get; internal init; }

    /// <summary>What the digest covers. Only plain MD5 comes without qop.</summary>
    public DigestQop Qop { get; internal init; }

    public DigestAlgorithm Algorithm { get; internal init; }

    /// <summary>The response, as long as a hash of the algorithm; zero for an algorithm that is not known.</summary>
    public DigestValue Response { get; internal init; }

    /// <summary>Reads a header value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out DigestCredentials credentials)
    {
        credentials = default;
        var rest = value;
        if (!DigestParameters.TryReadScheme(ref rest)) return false;
        var fields = default(Fields);
        do
        {
            if (!DigestParameters.TryRead(ref rest, out var name, out var content) || !fields.TrySet(name, content)) return false;
        }
        while (!rest.IsEmpty);

        return fields.TryBuild(out credentials);
    }

    /// <summary>The parameters while they are collected.</summary>
    private ref struct Fields
    {
        private ReadOnlySpan<byte> _userName, _realm, _nonce, _uri, _response, _algorithm, _cnonce, _qop, _nc, _userHash;
        private int _seen;

        public bool TrySet(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content) => name.Length switch
        {
            8 when SipChars.IsNamed(name, "username"u8) => Set(ref _userName, content, 1),
            5 when SipChars.IsNamed(name, "realm"u8) => Set(ref _realm, content, 2),
            5 when SipChars.IsNamed(name, "nonce"u8) => Set(ref _nonce, content, 4),
            3 when SipChars.IsNamed(name, "uri"u8) => Set(ref _uri, content, 8),
            8 when SipChars.IsNamed(name, "response"u8) => Set(ref _response, content, 16),
            9 when SipChars.IsNamed(name, "algorithm"u8) => Set(ref _algorithm, content, 32),
            6 when SipChars.IsNamed(name, "cnonce"u8) => Set(ref _cnonce, content, 64),
            3 when SipChars.IsNamed(name, "qop"u8) => Set(ref _qop, content, 128),
            2 when SipChars.IsNamed(name, "nc"u8) => Set(ref _nc, content, 256),
            8 when SipChars.IsNamed(name, "userhash"u8) => Set(ref _userHash, content, 512),
            _ => SipChars.IsAll(name, SipChars.Token),
        };

        public readonly bool TryBuild(out DigestCredentials credentials)
        {
            credentials = default;
            const int mandatory = 1 | 2 | 4 | 8 | 16;
            if ((_seen & mandatory) != mandatory || SipChars.IsNamed(_userHash, "true"u8)) return false;
            var algorithm = DigestAlgorithmTokens.Read(_algorithm);
            if (!TryReadResponse(algorithm, out var response) || !TryReadQop(algorithm, out var qop)) return false;
            uint count = 0;
            if (qop != DigestQop.None && (_cnonce.IsEmpty || !TryReadCount(_nc, out count))) return false;
            credentials = new DigestCredentials
            {
                UserName = _userName, Realm = _realm, Nonce = _nonce, Uri = _uri, CNonce = _cnonce, NonceCountText = qop == DigestQop.None ? default : _nc,
                NonceCount = count, Qop = qop, Response = response, Algorithm = algorithm,
            };
            return true;
        }

        /// <summary>What an unknown algorithm's response looks like is not known either.</summary>
        private readonly bool TryReadResponse(DigestAlgorithm algorithm, out DigestValue response)
        {
            response = default;
            return algorithm == DigestAlgorithm.Unsupported || (DigestValue.TryParse(_response, out response) && response.Length == algorithm.HashLength());
        }

        private readonly bool TryReadQop(DigestAlgorithm algorithm, out DigestQop qop)
        {
            qop = DigestQop.None;
            if ((_seen & 128) == 0) return algorithm is DigestAlgorithm.Md5 or DigestAlgorithm.Unsupported;
            if (SipChars.IsNamed(_qop, "auth"u8)) qop = DigestQop.Auth;
            else if (SipChars.IsNamed(_qop, "auth-int"u8)) qop = DigestQop.AuthInt;
            return qop != DigestQop.None;
        }

        private bool Set(ref ReadOnlySpan<byte> field, ReadOnlySpan<byte> content, int bit)
        {
            if ((_seen & bit) != 0) return false;
            _seen |= bit;
            field = content;
            return true;
        }

        private static bool TryReadCount(ReadOnlySpan<byte> text, out uint count)
        {
            count = 0;
            if (text.Length != 8) return false;
            foreach (var octet in text)
            {
                var digit = SipChars.HexValue(octet);
                if (digit < 0) return false;
                count = (count << 4) | (uint)digit;
            }

            return true;
        }
    }
}
