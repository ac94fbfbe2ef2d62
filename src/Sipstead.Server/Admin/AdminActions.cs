using Sipstead.Provisioning.Accounts;

namespace Sipstead.Server.Admin;

/// <summary>The administration commands, whether they come over the socket of a running server or run on a stopped one's data folder.</summary>
internal sealed class AdminActions(AccountService accounts)
{
    public async Task<AdminAnswer> AddAccountAsync(AddAccount command, CancellationToken cancellationToken)
    {
        var result = await accounts.CreateAccountAsync(command.AccountId, cancellationToken);
        return result.IsSuccess
            ? new AdminAnswer(true, $"Account {result.Value.Id} is made. Its realms end in {result.Value.Hex}, its SIP port is {result.Value.SipPort}.\n"
                + $"Next, give it an API user: sipstead user add NAME --account {result.Value.Id}")
            : new AdminAnswer(false, result.Error.Description);
    }

    public async Task<AdminAnswer> AddUserAsync(AddUser command, CancellationToken cancellationToken)
    {
        if (!Enum.GetNames<ApiRole>().Contains(command.Role, StringComparer.OrdinalIgnoreCase)) // TryParse alone would take numbers
            return new AdminAnswer(false, $"'{command.Role}' is no role; give read, write or admin.");
        var role = Enum.Parse<ApiRole>(command.Role, ignoreCase: true);
        var result = await accounts.CreateUserAsync(command.UserName, command.Password, command.AccountId, role, cancellationToken);
        if (!result.IsSuccess) return new AdminAnswer(false, result.Error.Description);
        var password = result.Value.GeneratedPassword is { } made ? $"\nPassword: {made}   (shown this once)" : "";
        return new AdminAnswer(true, $"User {result.Value.Name} may {role.ToString().ToLowerInvariant()} in account {command.AccountId}.{password}");
    }
}
