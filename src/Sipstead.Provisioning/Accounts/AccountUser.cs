namespace Sipstead.Provisioning.Accounts;

/// <summary>A user of an account, as the account's list shows it.</summary>
/// <param name="Name">The case-sensitive name.</param>
/// <param name="Role">The role in this account.</param>
/// <param name="OtherAccounts">In how many other accounts the user has a role.</param>
public sealed record AccountUser(string Name, ApiRole Role, int OtherAccounts);
