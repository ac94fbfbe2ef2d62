using System.Diagnostics;

namespace Sipstead.Provisioning.Tests;

/// <summary>Waits for what happens in the background, up to a deadline that only a failure reaches.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<Task<bool>> isReached)
    {
        var watch = Stopwatch.StartNew();
        while (!await isReached())
        {
            Assert.True(watch.Elapsed < Testing.Poll.DefaultDeadline, $"not reached within {Testing.Poll.DefaultDeadline.TotalSeconds} s");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }
    }
}
