using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sipstead.Provisioning.Tokens;

/// <summary>A key that signs access tokens (HS256), as one line of its file: id, second of its making, octets.</summary>
internal sealed class TokenKey
{
    private const int Length = 32;
    private const int IdLength = 16;
    private const int LongestOnStack = 2048;

    private readonly byte[] _octets;

    private TokenKey(string id, DateTimeOffset made, byte[] octets)
    {
        Id = id;
        Made = made;
        _octets = octets;
        Header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"HS256","typ":"JWT","kid":"{{id}}"}"""));
    }

    public string Id { get; }

    public DateTimeOffset Made { get; }

    /// <summary>The first part of every token that this key signs, and of no other: what a token says of its algorithm is never read.</summary>
    public string Header { get; }

    public static TokenKey Create(DateTimeOffset now) =>
        new(RandomNumberGenerator.GetHexString(IdLength, lowercase: true), now, RandomNumberGenerator.GetBytes(Length));

    /// <summary>The key of a line; null when it is none.</summary>
    public static TokenKey? Parse(string line)
    {
        var octets = new byte[Length];
        return line.Split(' ') is [var id, var made, var key]
            && id.Length == IdLength && id.All(char.IsAsciiHexDigitLower)
            && long.TryParse(made, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            && Convert.TryFromBase64String(key, octets, out var length) && length == Length
            ? new TokenKey(id, DateTimeOffset.FromUnixTimeSeconds(seconds), octets)
            : null;
    }

    /// <summary>The line, with the key in it.</summary>
    public string Format() =>
        string.Create(CultureInfo.InvariantCulture, $"{Id} {Made.ToUnixTimeSeconds()} {Convert.ToBase64String(_octets)}");

    /// <summary>The third part of a token: the signature of the first two with the dot between them.</summary>
    public string Sign(ReadOnlySpan<char> signed)
    {
        var octets = signed.Length <= LongestOnStack ? stackalloc byte[signed.Length] : new byte[signed.Length];
        Encoding.ASCII.GetBytes(signed, octets);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_octets, octets, hash);
        return Base64Url.EncodeToString(hash);
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => Id;
}
