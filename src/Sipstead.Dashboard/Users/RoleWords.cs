using Sipstead.Provisioning.Accounts;

namespace Sipstead.Dashboard.Users;

/// <summary>What a role means, in words.</summary>
internal static class RoleWords
{
    public static string Of(ApiRole role) => role switch
    {
        ApiRole.Read => "read: sees everything",
        ApiRole.Write => "write: also creates, changes and deletes",
        _ => "admin: also manages API users and trunks",
    };
}
