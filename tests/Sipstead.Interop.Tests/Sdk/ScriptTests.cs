using System.Reflection;

namespace Sipstead.Interop.Tests.Sdk;

/// <summary>Both suites share the server, so that they run one after the other.</summary>
[CollectionDefinition(nameof(SdkServer))]
public sealed class SdkServerCollection : ICollectionFixture<SdkServer>;

/// <summary>The tests of one script: each case is a fact that it printed.</summary>
[Collection(nameof(SdkServer))]
public abstract class ScriptTests(SdkServer server, string script, string package)
{
    /// <summary>Every fact of the script is a case of some theory: a new one is not forgotten, a lost one not missed.</summary>
    [Fact]
    public async Task Facts_AreThoseOfTheTests()
    {
        var report = await ReportAsync();

        var cases = GetType().GetMethods().SelectMany(method => method.GetCustomAttributes<InlineDataAttribute>()).Select(data => (string)data.Data[0]!);
        Assert.Equal(cases.Order(StringComparer.Ordinal), report.Facts.Keys.Order(StringComparer.Ordinal));
    }

    internal Task<ScriptReport> ReportAsync()
    {
        SdkServer.Require(package);
        return server.RunAsync(script);
    }

    protected async Task HoldsAsync(string fact)
    {
        var report = await ReportAsync();
        Assert.True(report.Facts.TryGetValue(fact, out var told), $"The script did not get to it.\n{report.Words}");
        Assert.True(told.Holds, told.ToString());
    }
}
