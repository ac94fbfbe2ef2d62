using Org.BouncyCastle.Crypto.Digests;

namespace Sipstead.Sip.Digest;

/// <summary>
/// Digest responses (RFC 7616 3.4.1, RFC 2617 3.2.2) from a stored HA1. Not thread-safe, one for each receiving loop. Allocates nothing once made.
/// </summary>
public sealed class DigestCalculator
{
    private const int TextLength = 2 * DigestValue.LongLength;
    private const int Sha512256Bits = 256;

    private readonly Md5 _md5 = new();
    private byte[] _joined = new byte[256];
    private readonly RequestHashCache _requestHashes = new();
    private readonly ShaHash _sha256 = new(new Sha256Digest());
    private readonly ShaHash _sha512256 = new(new Sha512tDigest(Sha512256Bits));

    /// <summary>The response that <paramref name="credentials"/> should carry when the secret behind <paramref name="ha1"/> is known.</summary>
    /// <param name="ha1">H(user:realm:password), H being the hash of the credentials' algorithm, with -sess too.</param>
    /// <param name="body">The body of the request, which counts for qop=auth-int only.</param>
    public DigestValue Response(in DigestValue ha1, ReadOnlySpan<byte> method, ReadOnlySpan<byte> body, in DigestCredentials credentials)
    {
        var hash = HashOf(credentials.Algorithm);
        Span<byte> ha1Buffer = stackalloc byte[TextLength];
        Span<byte> ha2Buffer = stackalloc byte[TextLength];
        var ha1Text = ha1.WriteHex(ha1Buffer);
        if (credentials.Algorithm.IsSession()) ha1Text = SessionSecret(hash, ha1Text, credentials).WriteHex(ha1Buffer);
        ReadOnlySpan<byte> ha2Text = hash == _md5 && credentials.Qop != DigestQop.AuthInt
            ? _requestHashes.Get(_md5, method, credentials.Uri, ha2Buffer)
            : RequestHash(hash, method, body, credentials).WriteHex(ha2Buffer);
        hash.Append(Join(ha1Text, credentials.NonceCountText, credentials, ha2Text));
        return hash.Finish();
    }

    /// <summary>As above, for credentials that <see cref="DigestPrefix.Fits"/>.</summary>
    /// <param name="prefix">That of HA1 and nonce: used when it is known, else set.</param>
    public DigestValue Response(in DigestValue ha1, ReadOnlySpan<byte> method, in DigestCredentials credentials, ref DigestPrefix prefix)
    {
        Span<byte> buffer = stackalloc byte[TextLength];
        var ha2Text = _requestHashes.Get(_md5, method, credentials.Uri, buffer);
        if (prefix.IsKnown)
        {
            _md5.Resume(prefix.State, blocks: 1);
            _md5.Append(Join(default, DigestPrefix.RestOf(credentials.NonceCountText), credentials, ha2Text));
            return _md5.Finish();
        }

        Span<byte> ha1Buffer = stackalloc byte[TextLength];
        var text = Join(ha1.WriteHex(ha1Buffer), credentials.NonceCountText, credentials, ha2Text);
        _md5.Append(text[..Md5.BlockLength]);
        prefix = new DigestPrefix(_md5.State);
        _md5.Append(text[Md5.BlockLength..]);
        return _md5.Finish();
    }

    /// <summary>HA1, which stands for a password within a realm (RFC 7616 3.4.2).</summary>
    public DigestValue Secret(DigestAlgorithm algorithm, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> password)
    {
        var hash = HashOf(algorithm);
        hash.Append(userName);
        hash.Append(":"u8);
        hash.Append(realm);
        hash.Append(":"u8);
        hash.Append(password);
        return hash.Finish();
    }

    /// <summary>What the response is the hash of, in one piece: a hash takes it quicker than its eight parts.</summary>
    /// <param name="ha1Text">Empty to begin with <paramref name="nonceCount"/>.</param>
    private ReadOnlySpan<byte> Join(
        ReadOnlySpan<byte> ha1Text, ReadOnlySpan<byte> nonceCount, in DigestCredentials credentials, ReadOnlySpan<byte> ha2Text)
    {
        const int separators = 16;
        var longest = ha1Text.Length + credentials.Nonce.Length + nonceCount.Length + credentials.CNonce.Length + ha2Text.Length + separators;
        if (_joined.Length < longest) _joined = new byte[longest]; // no longer than a message
        var length = 0;
        if (!ha1Text.IsEmpty)
        {
            Append(ha1Text, ref length);
            Append(":"u8, ref length);
            Append(credentials.Nonce, ref length);
            Append(":"u8, ref length);
        }

        if (credentials.Qop != DigestQop.None)
        {
            Append(nonceCount, ref length);
            Append(":"u8, ref length);
            Append(credentials.CNonce, ref length);
            Append(credentials.Qop == DigestQop.Auth ? ":auth:"u8 : ":auth-int:"u8, ref length);
        }

        Append(ha2Text, ref length);
        return _joined.AsSpan(0, length);
    }

    private void Append(ReadOnlySpan<byte> part, ref int length)
    {
        part.CopyTo(_joined.AsSpan(length));
        length += part.Length;
    }

    /// <summary>HA1 of the -sess algorithms (RFC 7616 3.4.2).</summary>
    private static DigestValue SessionSecret(DigestHash hash, ReadOnlySpan<byte> ha1Text, in DigestCredentials credentials)
    {
        hash.Append(ha1Text);
        hash.Append(":"u8);
        hash.Append(credentials.Nonce);
        hash.Append(":"u8);
        hash.Append(credentials.CNonce);
        return hash.Finish();
    }

    /// <summary>HA2 (RFC 7616 3.4.3).</summary>
    private static DigestValue RequestHash(DigestHash hash, ReadOnlySpan<byte> method, ReadOnlySpan<byte> body, in DigestCredentials credentials)
    {
        Span<byte> bodyBuffer = stackalloc byte[TextLength];
        scoped Span<byte> bodyText = default;
        if (credentials.Qop == DigestQop.AuthInt)
        {
            hash.Append(body);
            bodyText = hash.Finish().WriteHex(bodyBuffer);
        }

        hash.Append(method);
        hash.Append(":"u8);
        hash.Append(credentials.Uri);
        if (credentials.Qop == DigestQop.AuthInt)
        {
            hash.Append(":"u8);
            hash.Append(bodyText);
        }

        return hash.Finish();
    }

    private DigestHash HashOf(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 or DigestAlgorithm.Md5Sess => _md5,
        DigestAlgorithm.Sha256 or DigestAlgorithm.Sha256Sess => _sha256,
        DigestAlgorithm.Sha512256 or DigestAlgorithm.Sha512256Sess => _sha512256,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
