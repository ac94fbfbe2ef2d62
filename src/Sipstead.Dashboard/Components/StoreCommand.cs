using Sipstead.Provisioning.Store;

namespace Sipstead.Dashboard.Components;

/// <summary>What a dialog does with the store. A store that is away is told of in the dialog, which stays open with all that was typed.</summary>
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
}
