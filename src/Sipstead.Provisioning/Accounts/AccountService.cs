using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Accounts;

/// <summary>The rules of accounts and API users (ruling 23), for the command line and the dashboard.</summary>
public sealed class AccountService
{
    private const int GeneratedPasswordLength = 24;

    private readonly ProvisioningStore _store;
    private readonly ApiUserAuthenticator _authenticator;
    private readonly ProvisioningOptions _options;
    private readonly PortRange _ports;
    private readonly ILogger<AccountService> _log;

    internal AccountService(
        ProvisioningStore store, ApiUserAuthenticator authenticator, ProvisioningOptions options, ILogger<AccountService> log)
    {
        _store = store;
        _authenticator = authenticator;
        _options = options;
        _log = log;
        _ports = PortRange.TryParse(options.AccountPorts, out var ports)
            ? ports
            : throw new ArgumentException($"'{options.AccountPorts}' is no range of ports", nameof(options));
    }

    /// <summary>Makes an account. The first uses the server's SIP port, others the next free of the range (ruling 15).</summary>
    public async Task<ProvisioningResult<AccountDetails>> CreateAccountAsync(long accountId, CancellationToken cancellationToken)
    {
        if (accountId < 1) return ProvisioningError.Invalid(null, $"{accountId} is no account number; it must be 1 or more");
        return await _store.WriteAsync(
            (write, cancel) => CreateAccountAsync(write.Database, accountId, cancel), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every account, by number.</summary>
    public async Task<IReadOnlyList<AccountDetails>> ListAccountsAsync(CancellationToken cancellationToken)
    {
        var accounts = await _store.ReadAsync(
            (database, cancel) => database.Accounts.OrderBy(a => a.Id).ToListAsync(cancel), cancellationToken).ConfigureAwait(false);
        return accounts.ConvertAll(Described);
    }

    /// <summary>An account by its number; null when there is none.</summary>
    public async Task<AccountDetails?> FindAccountAsync(long accountId, CancellationToken cancellationToken)
    {
        var account = await _store.ReadAsync(
            (database, cancel) => database.Accounts.FirstOrDefaultAsync(a => a.Id == accountId, cancel), cancellationToken)
            .ConfigureAwait(false);
        return account is null ? null : Described(account);
    }

    /// <summary>Says whether an account may have realms and credentials.</summary>
    public Task<ProvisioningResult<AccountDetails>> SetSipEnabledAsync(
        long accountId, bool isEnabled, CancellationToken cancellationToken) => _store.WriteAsync<ProvisioningResult<AccountDetails>>(
        async (write, cancel) =>
        {
            var account = await write.Database.Accounts.FindAsync([accountId], cancel).ConfigureAwait(false);
            if (account is null) return AccountNotFound(accountId);
            account.SipEnabled = isEnabled;
            return Described(account);
        },
        cancellationToken);

    /// <summary>Makes a user with a role in an account; without a password one is made up and returned.</summary>
    public async Task<ProvisioningResult<CreatedApiUser>> CreateUserAsync(
        string userName, string? password, long accountId, ApiRole role, CancellationToken cancellationToken)
    {
        var generated = password is null ? GeneratePassword() : null;
        if (ApiUserRules.CheckName(userName) is { } badName) return badName;
        if (ApiUserRules.CheckPassword(password ?? generated) is { } badPassword) return badPassword;
        var hash = await Task.Run(() => PasswordHash.Create(password ?? generated!), cancellationToken).ConfigureAwait(false);
        return await _store.WriteAsync<ProvisioningResult<CreatedApiUser>>(
            async (write, cancel) =>
            {
                var user = new ApiUser { Name = userName, PasswordHash = hash };
                var error = await AddUserAsync(write.Database, user, accountId, role, cancel).ConfigureAwait(false);
                return error is null ? new CreatedApiUser(userName, generated) : error;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A user by name; null when there is none. Computes no password hash, so it may be asked often.</summary>
    public async Task<ApiUserDetails?> FindUserAsync(string userName, CancellationToken cancellationToken)
    {
        var user = await _store.ReadAsync((database, cancel) => FindUserAsync(database, userName, cancel), cancellationToken)
            .ConfigureAwait(false);
        return user is null ? null : Described(user);
    }

    /// <summary>The users that have a role in an account, by name.</summary>
    public async Task<IReadOnlyList<AccountUser>> ListUsersAsync(long accountId, CancellationToken cancellationToken) =>
        await _store.ReadAsync(
            (database, cancel) => (
                from user in database.ApiUsers
                from role in user.Roles
                where role.AccountId == accountId
                orderby user.Name
                select new AccountUser(user.Name, role.Role, user.Roles.Count - 1)).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Takes a user out of an account; a user that has no role in any other is deleted. The last admin of an account stays.
    /// </summary>
    public async Task<ProvisioningResult<ApiUserDetails>> RemoveUserAsync(
        string userName, long accountId, CancellationToken cancellationToken)
    {
        var result = await _store.WriteAsync(
            (write, cancel) => RemoveUserAsync(write.Database, userName, accountId, cancel), cancellationToken).ConfigureAwait(false);
        if (result.IsSuccess) _authenticator.Forget();
        return result;
    }

    /// <summary>
    /// Gives a user a role in an account, in place of the one the user has there; null takes it away. The last admin of an account
    /// stays its admin.
    /// </summary>
    public async Task<ProvisioningResult<ApiUserDetails>> SetRoleAsync(
        string userName, long accountId, ApiRole? role, CancellationToken cancellationToken)
    {
        var result = await _store.WriteAsync(
            (write, cancel) => SetRoleAsync(write.Database, userName, accountId, role, cancel), cancellationToken).ConfigureAwait(false);
        if (result.IsSuccess) _authenticator.Forget();
        return result;
    }

    /// <summary>Changes a user's password; the old one is refused from then on. For who need not prove to be the user.</summary>
    public Task<ProvisioningResult<ApiUserDetails>> ChangePasswordAsync(
        string userName, string password, CancellationToken cancellationToken) =>
        SetPasswordAsync(userName, password, provenStamp: null, cancellationToken);

    /// <summary>Changes a user's password for the user, who proves it with the current one.</summary>
    /// <param name="userName">The user.</param>
    /// <param name="current">The password that holds now; it is checked within the limits of <see cref="ApiUserAuthenticator"/>.</param>
    /// <param name="password">The new password, another one.</param>
    /// <param name="cancellationToken">Ends the wait; a change that is being committed is completed.</param>
    public async Task<ProvisioningResult<ApiUserDetails>> ChangePasswordAsync(
        string userName, string current, string password, CancellationToken cancellationToken)
    {
        if (ApiUserRules.CheckPassword(password) is { } badPassword) return badPassword;
        if (password == current) return ProvisioningError.Invalid(null, "the new password is the current one; choose another");
        var authentication = await _authenticator.AuthenticateAsync(userName, current, cancellationToken).ConfigureAwait(false);
        return authentication switch
        {
            { Outcome: ApiAuthenticationOutcome.Overloaded } =>
                ProvisioningError.Conflict(null, "too many passwords wait for verification; try again in a few seconds"),
            { Principal: { } user } => await SetPasswordAsync(userName, password, user.Stamp, cancellationToken).ConfigureAwait(false),
            _ => ProvisioningError.Invalid(null, "the current password is wrong"),
        };
    }

    /// <summary>
    /// Gives a user a password that is made up, for an admin of the account. A user of other accounts keeps the old one: it opens those too.
    /// </summary>
    public async Task<ProvisioningResult<CreatedApiUser>> ResetPasswordAsync(string userName, long accountId, CancellationToken cancellationToken)
    {
        var password = GeneratePassword();
        var hash = await Task.Run(() => PasswordHash.Create(password), cancellationToken).ConfigureAwait(false);
        var result = await _store.WriteAsync<ProvisioningResult<CreatedApiUser>>(
            async (write, cancel) =>
            {
                var user = await FindUserAsync(write.Database, userName, cancel).ConfigureAwait(false);
                if (user?.Roles.Exists(r => r.AccountId == accountId) != true) return NotInAccount(userName, accountId);
                if (user.Roles.Count > 1)
                    return ProvisioningError.Conflict(null, $"user '{userName}' has roles in other accounts too, which the password opens; only the user can change it");
                (user.PasswordHash, user.MustChangePassword) = (hash, false);
                return new CreatedApiUser(userName, password);
            },
            cancellationToken).ConfigureAwait(false);
        if (result.IsSuccess) _authenticator.Forget();
        return result;
    }

    /// <summary>
    /// Makes the first account and user when there is no account. Returns the password if it made one up, else null.
    /// </summary>
    internal async Task<string?> BootstrapAsync(CancellationToken cancellationToken)
    {
        if (await _store.ReadAsync((database, cancel) => database.Accounts.AnyAsync(cancel), cancellationToken).ConfigureAwait(false))
            return null;

        var (accountId, userName) = (_options.BootstrapAccountId, _options.BootstrapUserName);
        var generated = _options.BootstrapPassword is null ? GeneratePassword() : null;
        var password = _options.BootstrapPassword ?? generated!;
        var hash = await Task.Run(() => PasswordHash.Create(password), cancellationToken).ConfigureAwait(false);
        await _store.WriteAsync(
            async (write, cancel) =>
            {
                await CreateAccountAsync(write.Database, accountId, cancel).ConfigureAwait(false);
                var user = new ApiUser { Name = userName, PasswordHash = hash, MustChangePassword = generated is not null };
                await AddUserAsync(write.Database, user, accountId, ApiRole.Admin, cancel).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        ProvisioningLog.Bootstrapped(_log, accountId, userName);
        return generated;
    }

    /// <param name="userName">The user.</param>
    /// <param name="password">The new password.</param>
    /// <param name="provenStamp">The stamp under which the current password was right; null when it need not be known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<ProvisioningResult<ApiUserDetails>> SetPasswordAsync(
        string userName, string password, string? provenStamp, CancellationToken cancellationToken)
    {
        if (ApiUserRules.CheckPassword(password) is { } badPassword) return badPassword;
        var hash = await Task.Run(() => PasswordHash.Create(password), cancellationToken).ConfigureAwait(false);
        var result = await _store.WriteAsync<ProvisioningResult<ApiUserDetails>>(
            async (write, cancel) =>
            {
                var user = await FindUserAsync(write.Database, userName, cancel).ConfigureAwait(false);
                if (user is null) return UserNotFound(userName);

                // Somebody else set another password while the current one was checked: it proves nothing any more.
                if (provenStamp is not null && ApiUserStamp.Of(user) != provenStamp)
                    return ProvisioningError.Conflict(null, "the user was changed meanwhile; sign in again");
                user.PasswordHash = hash;
                user.MustChangePassword = false;
                return Described(user);
            },
            cancellationToken).ConfigureAwait(false);
        if (result.IsSuccess) _authenticator.Forget();
        return result;
    }

    private async Task<ProvisioningResult<AccountDetails>> CreateAccountAsync(
        ProvisioningContext database, long accountId, CancellationToken cancellationToken)
    {
        var accounts = await database.Accounts.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
        if (accounts.Exists(a => a.Id == accountId)) return ProvisioningError.Conflict(null, $"account {accountId} exists");

        int? port = null;
        if (accounts.Count > 0)
        {
            var taken = accounts.Select(a => a.SipPort ?? _options.SipPort).ToHashSet();
            var free = Enumerable.Range(_ports.First, _ports.Last - _ports.First + 1).Where(p => !taken.Contains(p));
            port = free.Cast<int?>().FirstOrDefault();
            if (port is null)
                return ProvisioningError.Conflict(null, $"every port of Sipstead:Sip:AccountPorts ({_options.AccountPorts}) is taken");
        }

        var hexes = accounts.Select(a => a.Hex).ToHashSet(StringComparer.Ordinal);
        string hex;
        do hex = RandomNumberGenerator.GetHexString(6, lowercase: true);
        while (hexes.Contains(hex));

        var account = new Account { Id = accountId, Hex = hex, SipPort = port, SipEnabled = true };
        database.Accounts.Add(account);
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return Described(account);
    }

    private static async Task<ProvisioningError?> AddUserAsync(
        ProvisioningContext database, ApiUser user, long accountId, ApiRole role, CancellationToken cancellationToken)
    {
        if (!await database.Accounts.AnyAsync(a => a.Id == accountId, cancellationToken).ConfigureAwait(false))
            return AccountNotFound(accountId);
        if (await database.ApiUsers.AnyAsync(u => u.Name == user.Name, cancellationToken).ConfigureAwait(false))
            return ProvisioningError.Conflict(null, $"user '{user.Name}' exists");

        user.Roles.Add(new ApiUserRole { AccountId = accountId, Role = role });
        database.ApiUsers.Add(user);
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static async Task<ProvisioningResult<ApiUserDetails>> SetRoleAsync(
        ProvisioningContext database, string userName, long accountId, ApiRole? role, CancellationToken cancellationToken)
    {
        var user = await FindUserAsync(database, userName, cancellationToken).ConfigureAwait(false);
        if (user is null) return UserNotFound(userName);
        if (!await database.Accounts.AnyAsync(a => a.Id == accountId, cancellationToken).ConfigureAwait(false))
            return AccountNotFound(accountId);

        if (await CheckAdminStaysAsync(database, user, accountId, role, cancellationToken).ConfigureAwait(false) is { } last) return last;

        var current = user.Roles.Find(r => r.AccountId == accountId);
        if (role is null && current is not null) user.Roles.Remove(current);
        else if (current is not null) current.Role = role!.Value;
        else if (role is not null) user.Roles.Add(new ApiUserRole { AccountId = accountId, Role = role.Value });
        return Described(user);
    }

    private static async Task<ProvisioningResult<ApiUserDetails>> RemoveUserAsync(
        ProvisioningContext database, string userName, long accountId, CancellationToken cancellationToken)
    {
        // One answer for a user of other accounts and for none at all: the names of others are not told.
        var user = await FindUserAsync(database, userName, cancellationToken).ConfigureAwait(false);
        if (user?.Roles.Find(r => r.AccountId == accountId) is not { } held)
            return NotInAccount(userName, accountId);
        if (await CheckAdminStaysAsync(database, user, accountId, role: null, cancellationToken).ConfigureAwait(false) is { } last)
            return last;

        user.Roles.Remove(held);
        if (user.Roles.Count == 0) database.ApiUsers.Remove(user);
        return Described(user);
    }

    /// <summary>Whoever administers an account alone cannot lose that role: nobody could give it back.</summary>
    private static async Task<ProvisioningError?> CheckAdminStaysAsync(
        ProvisioningContext database, ApiUser user, long accountId, ApiRole? role, CancellationToken cancellationToken)
    {
        if (role == ApiRole.Admin || user.Roles.Find(r => r.AccountId == accountId)?.Role != ApiRole.Admin) return null;
        var hasOther = await database.ApiUserRoles
            .AnyAsync(r => r.AccountId == accountId && r.Role == ApiRole.Admin && r.ApiUserId != user.Id, cancellationToken)
            .ConfigureAwait(false);
        return hasOther
            ? null
            : ProvisioningError.Conflict(
                null, $"user '{user.Name}' is the last admin of account {accountId}; make another user an admin first");
    }

    private static Task<ApiUser?> FindUserAsync(ProvisioningContext database, string userName, CancellationToken cancellationToken) =>
        database.ApiUsers.Include(u => u.Roles).FirstOrDefaultAsync(u => u.Name == userName, cancellationToken);

    private static string GeneratePassword() => PasswordGenerator.Generate(GeneratedPasswordLength);

    private static ProvisioningError UserNotFound(string userName) => ProvisioningError.NotFound(null, $"there is no user '{userName}'");

    private static ProvisioningError NotInAccount(string userName, long accountId) =>
        ProvisioningError.NotFound(null, $"account {accountId} has no user '{userName}'");

    private static ProvisioningError AccountNotFound(long accountId) =>
        ProvisioningError.NotFound(null, $"there is no account {accountId}");

    private static ApiUserDetails Described(ApiUser user) => 
        new(user.Name, user.Roles.ToDictionary(r => r.AccountId, r => r.Role), user.MustChangePassword, ApiUserStamp.Of(user));

    private AccountDetails Described(Account account) =>
        new(account.Id, account.Hex, account.SipPort ?? _options.SipPort, account.SipEnabled);
}
