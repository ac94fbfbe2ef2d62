using System.CommandLine;
using Sipstead.Provisioning.Store;
using Sipstead.Server.Admin;
using Sipstead.Server.Backup;
using Sipstead.Server.Composition;
using Sipstead.Server.Configuration;

namespace Sipstead.Server.Commands;

/// <summary>The command line: without a command the server runs.</summary>
internal static class CommandLine
{
    private const int Failure = 1;

    public static RootCommand Build()
    {
        var root = new RootCommand("Sipstead: a self-hosted home for SIP devices. Without a command, the server runs. Settings: docs/configuration.md.");
        var demo = new Option<bool>("--demo") { Description = "Also set up a realm, two phones and a voice application that this server hosts, and say what to type into a softphone." };
        root.Options.Add(demo);
        root.SetAction((parsed, cancellationToken) => RunAsync(settings => ServeAsync(parsed.GetValue(demo) ? settings.ForDemo() : settings, cancellationToken)));
        root.Subcommands.Add(BuildAccount());
        root.Subcommands.Add(BuildUser());
        root.Subcommands.Add(DatabaseCommand.Build(RunAsync));
        root.Subcommands.Add(BuildBackup());
        root.Subcommands.Add(BuildRestore());
        return root;
    }

    private static Command BuildAccount()
    {
        var id = new Argument<long>("id") { Description = "Number of the account, such as 9900001." };
        var add = new Command("add", "Make an account, also while the server runs.") { id };
        add.SetAction((parsed, cancellationToken) => RunAsync(settings => AdministerAsync(AdminClient.RunAsync(
            settings, AdminEndpoints.Accounts, new AddAccount(parsed.GetValue(id)), AdminJson.Default.AddAccount,
            (actions, command, cancel) => actions.AddAccountAsync(command, cancel), cancellationToken))));
        return new Command("account", "Accounts.") { add };
    }

    private static Command BuildUser()
    {
        var name = new Argument<string>("name") { Description = "Name of the API user." };
        var account = new Option<long>("--account") { Description = "Number of the account the user may use.", Required = true };
        var role = new Option<string>("--role") { Description = "read, write or admin.", DefaultValueFactory = _ => "admin" };
        var password = new Option<string?>("--password") { Description = "Left out, one is made and shown once." };
        var add = new Command("add", "Make an API user, also while the server runs.") { name, account, role, password };
        add.SetAction((parsed, cancellationToken) => RunAsync(settings => AdministerAsync(AdminClient.RunAsync(
            settings, AdminEndpoints.Users,
            new AddUser(parsed.GetValue(name)!, parsed.GetValue(password), parsed.GetValue(account), parsed.GetValue(role)!), AdminJson.Default.AddUser,
            (actions, command, cancel) => actions.AddUserAsync(command, cancel), cancellationToken))));
        return new Command("user", "API users, which are OAuth clients too.") { add, BuildUserList(), BuildUserRemoval() };
    }

    private static Command BuildUserList()
    {
        var account = new Option<long>("--account") { Description = "Number of the account.", Required = true };
        var list = new Command("list", "List the API users of an account with their roles.") { account };
        list.SetAction((parsed, cancellationToken) => RunAsync(settings => AdministerAsync(AdminClient.RunAsync(
            settings, AdminEndpoints.UserList, new ListUsers(parsed.GetValue(account)), AdminJson.Default.ListUsers,
            (actions, command, cancel) => actions.ListUsersAsync(command, cancel), cancellationToken))));
        return list;
    }

    private static Command BuildUserRemoval()
    {
        var name = new Argument<string>("name") { Description = "Name of the API user." };
        var account = new Option<long>("--account") { Description = "Number of the account.", Required = true };
        var remove = new Command("remove", "Take an API user out of an account, also while the server runs; without another account the user is deleted.") { name, account };
        remove.SetAction((parsed, cancellationToken) => RunAsync(settings => AdministerAsync(AdminClient.RunAsync(
            settings, AdminEndpoints.UserRemoval, new RemoveUser(parsed.GetValue(name)!, parsed.GetValue(account)), AdminJson.Default.RemoveUser,
            (actions, command, cancel) => actions.RemoveUserAsync(command, cancel), cancellationToken))));
        return remove;
    }

    private static Command BuildBackup()
    {
        var file = new Argument<string>("file") { Description = "The archive to write, such as sipstead.tar.gz; it must not be there yet." };
        var backup = new Command("backup", "Write database, registrations and keys into one archive, also while the server runs.") { file };
        backup.SetAction((parsed, cancellationToken) => RunAsync(settings => AdministerAsync(BackupCommand.RunAsync(settings, parsed.GetValue(file)!, cancellationToken))));
        return backup;
    }

    private static Command BuildRestore()
    {
        var file = new Argument<string>("file") { Description = "The archive that 'sipstead backup' wrote." };
        var replace = new Option<bool>("--replace") { Description = "Put a data folder that is not empty aside, and the backup in its place." };
        var restore = new Command("restore", "Make the data folder from an archive, while no server uses it.") { file, replace };
        restore.SetAction((parsed, cancellationToken) => RunAsync(
            settings => AdministerAsync(RestoreCommand.RunAsync(settings, parsed.GetValue(file)!, parsed.GetValue(replace), cancellationToken))));
        return restore;
    }

    /// <summary>Reads the settings and runs; what an operator can mend ends in its lines and exit code 1, never in a stack trace.</summary>
    private static async Task<int> RunAsync(Func<ServerSettings, Task<int>> run)
    {
        try
        {
            return await run(ServerSettings.Read(ReadConfiguration()));
        }
        catch (SettingsException e)
        {
            foreach (var error in e.Errors) await Console.Error.WriteLineAsync(error);
            return Failure;
        }
        catch (StartupException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failure;
        }
        catch (Exception e) when (e is BackupException or ProvisioningStoreException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failure;
        }
    }

    /// <summary>sipstead.json in the working directory, then environment variables, which win.</summary>
    private static IConfigurationRoot ReadConfiguration()
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath("sipstead.json"), optional: true)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (InvalidDataException e)
        {
            throw new StartupException($"{Path.GetFullPath("sipstead.json")} is not valid JSON: {e.GetBaseException().Message}", e);
        }
    }

    private static async Task<int> ServeAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        await using var host = await ServerHost.StartAsync(settings, logging: null, cancellationToken);
        host.Report.Print(Console.Out, isTerminal: !Console.IsOutputRedirected);
        await host.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<int> AdministerAsync(Task<AdminAnswer> running)
    {
        var answer = await running;
        await (answer.Succeeded ? Console.Out : Console.Error).WriteLineAsync(answer.Text);
        return answer.Succeeded ? 0 : Failure;
    }
}
