using Sipstead.Testing;

namespace Sipstead.Architecture.Tests;

/// <summary>What every source file keeps to.</summary>
public sealed class SourceTests
{
    /// <summary>One subject fits into about 400 lines.</summary>
    private const int MaximumLines = 420;

    // In pieces, so that this file does not find itself.
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];
    private static readonly string[] SwitchedOff = ["[Fact(" + "Skip", "[Theory(" + "Skip", "#if " + "false"];

    /// <summary>Ways to hand SQL to a database as text.</summary>
    private static readonly string[] RawSql = ["FromSqlRaw", "ExecuteSqlRaw", "SqlQueryRaw", "CommandText"];

    private static readonly string[] HttpClients = ["HttpClient", "HttpMessageInvoker", "SocketsHttpHandler", "WebRequest", "WebClient"];

    [Fact]
    public void Sources_AreFound() => Assert.True(RepositoryPaths.SourceFiles().Count() > 100);

    [Fact]
    public void File_IsOfReadableLength() =>
        Findings.ShouldBeNone(
            from file in RepositoryPaths.SourceFiles()
            where !IsGenerated(file)
            let lines = File.ReadLines(file).Count()
            where lines > MaximumLines
            select $"{file}: {lines} lines");

    [Fact]
    public void File_HasNothingUnfinished() => Findings.ShouldBeNone(Find(Unfinished));

    [Fact]
    public void Tests_AreNotSwitchedOff() => Findings.ShouldBeNone(Find(SwitchedOff));

    /// <summary>Tables that peers fill hash with a seed, and nobody brings a hash of his own.</summary>
    [Fact]
    public void S_26_Hashes_AreSeeded() => Findings.ShouldBeNone(
        from file in RepositoryPaths.SourceFiles()
        where file.Contains("/src/", StringComparison.Ordinal)
        from line in File.ReadLines(file)
        where (line.Contains("XxHash3.HashTo", StringComparison.Ordinal) && !line[line.IndexOf("XxHash3.HashTo", StringComparison.Ordinal)..].Contains(',', StringComparison.Ordinal))
            || line.Contains("IEqualityComparer<", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    /// <summary>What goes to a database as SQL is a constant: values are parameters.</summary>
    [Fact]
    public void S_34_Sql_IsNeverPutTogetherFromText() => Findings.ShouldBeNone(
        from file in RepositoryPaths.SourceFiles()
        where file.Contains("/src/", StringComparison.Ordinal) && !IsGenerated(file)
        from line in File.ReadLines(file)
        where RawSql.Any(word => line.Contains(word, StringComparison.Ordinal))
        where line.Contains("$\"", StringComparison.Ordinal) || line.Contains('+', StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    /// <summary>What decides about addresses stands in one place: no other code opens HTTP connections, but the command line to its own server.</summary>
    [Fact]
    public void S_44_HttpConnections_AreOpenedInOnePlace() =>
        Assert.Equal(
            [RepositoryPaths.In("src", "Sipstead.Server", "Commands", "AdminClient.cs"), RepositoryPaths.In("src", "Sipstead.Webhooks", "Http", "OutboundHttp.cs")],
            RepositoryPaths.SourceFiles()
                .Where(file => file.StartsWith(RepositoryPaths.In("src"), StringComparison.Ordinal))
                .Where(file => HttpClients.Any(File.ReadAllText(file).Contains))
                .Order(StringComparer.Ordinal));

    private static IEnumerable<string> Find(string[] words) =>
        from file in RepositoryPaths.SourceFiles()
        from line in File.ReadLines(file)
        where words.Any(word => line.Contains(word, StringComparison.Ordinal))
        select $"{file}: {line.Trim()}";

    private static bool IsGenerated(string file) =>
        file.Contains("/Migrations/", StringComparison.Ordinal) || file.EndsWith(".g.cs", StringComparison.Ordinal);
}
