using System.Security.Cryptography;

namespace Sipstead.Provisioning;

/// <summary>Makes up passwords of letters and digits that nobody mistakes for one another: no I, l, 1, O and 0.</summary>
public static class PasswordGenerator
{
    /// <summary>The length that is asked for when none is given: 116 bits.</summary>
    public const int DefaultLength = 20;

    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    /// <summary>A new password; each character brings 5.8 bits.</summary>
    /// <param name="length">How many characters; 1 or more.</param>
    public static string Generate(int length = DefaultLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return RandomNumberGenerator.GetString(Alphabet, length);
    }
}
