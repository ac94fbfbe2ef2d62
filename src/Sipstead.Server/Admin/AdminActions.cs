using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Audit;

namespace Sipstead.Server.Admin;

/// <summary>The administration commands, whether they come over the socket of a running server or run on a stopped one's data folder.</summary>
internal sealed class AdminActions(AccountService accounts)
{
    public async Task<AdminAnswer> AddAccountAsync(AddAccount command, CancellationToken cancellationToken)
    {
        AuditActor.CommandLine.Act();
        var result = await accounts.CreateAccountAsync(command.AccountId, cancellationToken);
        return result.IsSuccess
            ? new AdminAnswer(true, $"Account {result.Value.Id} is made. Its realms end in {result.Value.Hex}, its SIP port is {result.Value.SipPort}.\n"
                + $"Next, give it an API user: sipstead user add NAME --account {result.Value.Id}")
            : new AdminAnswer(false, result.Error.Description);
    }

    public async Task<AdminAnswer> AddUserAsync(AddUser command, CancellationToken cancellationToken)
    {
        AuditActor.CommandLine.Act();
        if (ApiRoleNames.Parse(command.Role) is not { } role)
            return new AdminAnswer(false, $"'{command.Role}' is no role; give read, write or admin.");
        var result = await accounts.CreateUserAsync(command.UserName, command.Password, command.AccountId, role, cancellationToken);
        if (!result.IsSuccess) return new AdminAnswer(false, result.Error.Description);
        var password = result.Value.GeneratedPassword is { } made ? $"\nPassword: {made}   (shown this once)" : "";
        return new AdminAnswer(true, $"User {result.Value.Name} may {ApiRoleNames.Of(role)} in account {command.AccountId}.{password}");
    }

    public async Task<AdminAnswer> ListUsersAsync(ListUsers command, CancellationToken cancellationToken)
    {
        if (await accounts.FindAccountAsync(command.AccountId, cancellationToken) is null)
            return new AdminAnswer(false, $"there is no account {command.AccountId}");
        var users = await accounts.ListUsersAsync(command.AccountId, cancellationToken);
        return new AdminAnswer(true, string.Join('\n', users.Select(user => $"{ApiRoleNames.Of(user.Role),-5}  {user.Name}")));
    }

    public async Task<AdminAnswer> RemoveUserAsync(RemoveUser command, CancellationToken cancellationToken)
    {
        AuditActor.CommandLine.Act();
        var result = await accounts.RemoveUserAsync(command.UserName, command.AccountId, cancellationToken);
        if (!result.IsSuccess) return new AdminAnswer(false, result.Error.Description);
        return new AdminAnswer(true, $"User {command.UserName} may do nothing more in account {command.AccountId}; access tokens have ended.");
    }
}
