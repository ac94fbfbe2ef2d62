using System.Globalization;
using System.Security.Cryptography;

namespace Sipstead.Provisioning.Accounts;

/// <summary>PBKDF2-SHA512 of an API user's password, as <c>pbkdf2-sha512$rounds$salt$hash</c> (ruling 24).</summary>
internal static class PasswordHash
{
    private const string Scheme = "pbkdf2-sha512";
    private const int Rounds = 210_000;
    private const int SaltLength = 16;
    private const int HashLength = 64;

    /// <summary>A hash that no password has: the verification of an unknown user costs what a known one costs.</summary>
    public static string OfNobody { get; } = Format(Rounds, new byte[SaltLength], new byte[HashLength]);

    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return Format(Rounds, salt, Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA512, HashLength));
    }

    /// <summary>Takes about 0.2 s of a core.</summary>
    public static bool Verify(string password, string stored)
    {
        var parts = stored.Split('$');
        if (parts.Length != 4 || parts[0] != Scheme) return false;
        var expected = Convert.FromBase64String(parts[3]);
        var actual = Rfc2898DeriveBytes.Pbkdf2(
            password,
            Convert.FromBase64String(parts[2]),
            int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture),
            HashAlgorithmName.SHA512,
            expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }

    private static string Format(int rounds, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}${rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
}
