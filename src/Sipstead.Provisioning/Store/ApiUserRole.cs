using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Store;

/// <summary>What a user may do in one account (ruling 23).</summary>
internal sealed class ApiUserRole
{
    public long ApiUserId { get; set; }

    public long AccountId { get; set; }

    public ApiRole Role { get; set; }
}
