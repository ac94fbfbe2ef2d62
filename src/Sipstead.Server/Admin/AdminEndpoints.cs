using System.Text.Json.Serialization.Metadata;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Store;
using Sipstead.Server.Backup;

namespace Sipstead.Server.Admin;

/// <summary>Administration over <c>admin.sock</c>, a Unix socket that only the server's user can open (ruling 23).</summary>
internal static class AdminEndpoints
{
    public const string Accounts = "/accounts";
    public const string Users = "/users";
    public const string UserList = "/users/list";
    public const string UserRemoval = "/users/removal";
    public const string Backup = "/backup";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Accounts, AddAccountAsync);
        routes.MapPost(Users, AddUserAsync);
        routes.MapPost(UserList, ListUsersAsync);
        routes.MapPost(UserRemoval, RemoveUserAsync);
        routes.MapPost(Backup, new BackupEndpoint().SendAsync);
    }

    private static Task AddAccountAsync(HttpContext context) =>
        AnswerAsync(context, AdminJson.Default.AddAccount, (actions, command, cancel) => actions.AddAccountAsync(command, cancel));

    private static Task AddUserAsync(HttpContext context) =>
        AnswerAsync(context, AdminJson.Default.AddUser, (actions, command, cancel) => actions.AddUserAsync(command, cancel));

    private static Task ListUsersAsync(HttpContext context) =>
        AnswerAsync(context, AdminJson.Default.ListUsers, (actions, command, cancel) => actions.ListUsersAsync(command, cancel));

    private static Task RemoveUserAsync(HttpContext context) =>
        AnswerAsync(context, AdminJson.Default.RemoveUser, (actions, command, cancel) => actions.RemoveUserAsync(command, cancel));

    private static async Task AnswerAsync<T>(
        HttpContext context, JsonTypeInfo<T> type, Func<AdminActions, T, CancellationToken, Task<AdminAnswer>> act)
    {
        var command = await context.Request.ReadFromJsonAsync(type, context.RequestAborted);
        var answer = command is null ? new AdminAnswer(false, "The command is empty.") : await ActAsync(context, command, act);
        await context.Response.WriteAsJsonAsync(answer, AdminJson.Default.AdminAnswer, cancellationToken: context.RequestAborted);
    }

    private static async Task<AdminAnswer> ActAsync<T>(HttpContext context, T command, Func<AdminActions, T, CancellationToken, Task<AdminAnswer>> act)
    {
        try
        {
            return await act(new AdminActions(context.RequestServices.GetRequiredService<AccountService>()), command, context.RequestAborted);
        }
        catch (StoreUnavailableException e)
        {
            return new AdminAnswer(false, $"The database cannot be used for now: {e.Message}");
        }
    }
}
