using Sipstead.Provisioning.Store;

namespace Sipstead.Dashboard.Components;

/// <summary>What a dialog or a page does with the store. That the store is away is told there: a dialog stays open with all that was typed.</summary>
internal static class StoreCommand
{
    /// <summary>Says that the database does not answer, and why.</summary>
    public static string Words(string reason) => $"The store does not answer: {reason}";

    /// <summary>Runs a command.</summary>
    /// <returns>Why it was not done, in the words of the command or that the store is away; null when it was.</returns>
    public static async Task<string?> RunAsync(Func<Task<string?>> command)
    {
        try
        {
            return await command();
        }
        catch (StoreUnavailableException failure)
        {
            return Words(failure.Message);
        }
    }

    /// <summary>Runs what is refused by no rule, or tells of that itself.</summary>
    /// <returns>That the store is away; null when it was done.</returns>
    public static Task<string?> RunAsync(Func<Task> command) => RunAsync(async () =>
    {
        await command();
        return null;
    });
}
