using Sipstead.Provisioning.Accounts;

namespace Sipstead.Dashboard.Accounts;

/// <summary>The account that a page is about, and what the signed-in user may do in it. Cascades to every page below <c>/accounts/{id}</c>.</summary>
/// <param name="Account">The account.</param>
/// <param name="UserName">The signed-in user.</param>
/// <param name="Role">The user's role in it.</param>
/// <param name="Others">Further accounts of the user, by number.</param>
public sealed record AccountContext(AccountDetails Account, string UserName, ApiRole Role, IReadOnlyList<long> Others)
{
    /// <summary>The account's number.</summary>
    public long Id => Account.Id;

    /// <summary>Whether the user may create, change and delete.</summary>
    public bool CanWrite => Role >= ApiRole.Write;

    /// <summary>Whether the user may administer the account.</summary>
    public bool CanAdmin => Role >= ApiRole.Admin;

    /// <summary>The path of a page of this account.</summary>
    /// <param name="page">Such as <c>credentials</c>; empty for the overview.</param>
    public string Path(string page) => FormattableString.Invariant($"/accounts/{Id}/{page}").TrimEnd('/');
}
