namespace Sipstead.Provisioning.Accounts;

/// <summary>An API user.</summary>
/// <param name="Name">The case-sensitive name.</param>
/// <param name="Roles">The role in each account.</param>
/// <param name="MustChangePassword">Whether the password is still the one that the server made up at its first start.</param>
/// <param name="Stamp">
/// An opaque text that changes whenever the password or a role does, over restarts the same; equal to the
/// <see cref="ApiPrincipal.Stamp"/> of a sign-in as long as that still holds.
/// </param>
public sealed record ApiUserDetails(string Name, IReadOnlyDictionary<long, ApiRole> Roles, bool MustChangePassword, string Stamp);
