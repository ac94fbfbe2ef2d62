using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// A text that changes with a user's password and roles, so that a session can be held against it. It verifies no password.
/// </summary>
internal static class ApiUserStamp
{
    private const int Octets = 16;

    /// <summary>The salt of the password hash is new with every password, so the same password set again has another stamp too.</summary>
    public static string Of(ApiUser user)
    {
        var text = new StringBuilder(user.PasswordHash);
        foreach (var role in user.Roles.OrderBy(r => r.AccountId))
            text.Append(CultureInfo.InvariantCulture, $"\n{role.AccountId} {role.Role}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, Octets));
    }
}
