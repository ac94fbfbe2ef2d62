using Sipstead.Testing;

namespace Sipstead.Server.Tests.Compatibility;

/// <summary>What Bandwidth's clients and documents send, replayed to a fresh server, and what they read of its answers.</summary>
public sealed class ClientSequenceTests
{
    private static readonly string Folder = RepositoryPaths.In("tests", "Sipstead.Server.Tests", "Compatibility", "Sequences");

    public static TheoryData<string> Sequences => [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Sequences))]
    public async Task Sequence_GoesAsItsClientExpects(string client)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(new ServerSetup(folder["data"]), TestContext.Current.CancellationToken);
        using var run = new SequenceRun(server.Setup.HttpAddress);
        await run.ReplayAsync(ClientSequence.Read(Path.Combine(Folder, client + ".txt")));
    }
}
