namespace Sipstead.Sip.Digest;

/// <summary>
/// What MD5 comes to behind the first block of a response's text. HA1, a nonce of ours and the first three of nc's eight digits fill that block, so that it
/// is the same for the first million uses of a nonce. As secret as HA1. The default is an unknown one.
/// </summary>
public readonly struct DigestPrefix : IEquatable<DigestPrefix>
{
    /// <summary>HA1, nonce, and the colons behind them.</summary>
    private const int BeforeCount = (2 * DigestValue.ShortLength) + 1 + NonceFactory.TextLength + 1;

    private const int CountDigits = Md5.BlockLength - BeforeCount;

    private readonly Md5State _state;

    internal DigestPrefix(Md5State state) => _state = state;

    /// <summary>False for the default.</summary>
    public bool IsKnown => _state != default;

    internal Md5State State => _state;

    /// <summary>Whether the response of credentials begins with such a block. Those of one nonce and HA1 that do begin with the same one.</summary>
    public static bool Fits(in DigestCredentials credentials) =>
        credentials is { Algorithm: DigestAlgorithm.Md5, Qop: DigestQop.Auth, Nonce.Length: NonceFactory.TextLength }
        && credentials.NonceCountText[..CountDigits].SequenceEqual("000"u8);

    /// <summary>The part of nc that stands behind the block.</summary>
    internal static ReadOnlySpan<byte> RestOf(ReadOnlySpan<byte> nonceCount) => nonceCount[CountDigits..];

    public bool Equals(DigestPrefix other) => _state == other._state;

    public override bool Equals(object? obj) => obj is DigestPrefix other && Equals(other);

    public override int GetHashCode() => _state.GetHashCode();

    public static bool operator ==(DigestPrefix left, DigestPrefix right) => left.Equals(right);

    public static bool operator !=(DigestPrefix left, DigestPrefix right) => !left.Equals(right);
}
