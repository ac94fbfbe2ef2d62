using Microsoft.Extensions.Configuration;
using Sipstead.Server.Configuration;
using Sipstead.Testing;

namespace Sipstead.Architecture.Tests;

/// <summary>docs/configuration.md names every setting that is read, and no other.</summary>
public sealed class ConfigurationPageTests
{
    private const string Prefix = "Sipstead__";

    private static string Page => RepositoryPaths.In("docs", "configuration.md");

    [Fact]
    public void Settings_AreReadThroughTheRecorder() => Assert.Contains("Sipstead__Sip__Port", SettingsRead());

    [Fact]
    public void Page_NamesEverySetting()
    {
        Assert.SkipUnless(File.Exists(Page), "docs/configuration.md is not written yet");
        Findings.ShouldBeNone(SettingsRead().Except(SettingsNamed()));
    }

    [Fact]
    public void Page_NamesOnlySettingsThatAreRead()
    {
        Assert.SkipUnless(File.Exists(Page), "docs/configuration.md is not written yet");
        Findings.ShouldBeNone(SettingsNamed().Except(SettingsRead()));
    }

    /// <summary>The keys in the first column of the page's tables: <c>| `Sipstead__Sip__Port` | ...</c>.</summary>
    private static SortedSet<string> SettingsNamed() =>
        [.. from line in File.ReadLines(Page)
            where line.StartsWith('|')
            from quoted in line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1)
            where quoted.StartsWith(Prefix, StringComparison.Ordinal)
            select quoted.Split('=')[0]];

    private static SortedSet<string> SettingsRead()
    {
        var recorder = new Recorder();
        ServerSettings.Read(new ConfigurationRoot([recorder]));
        return [.. recorder.Keys.Select(key => key.Replace(":", "__", StringComparison.Ordinal))];
    }

    /// <summary>An empty configuration that remembers what it was asked for.</summary>
    private sealed class Recorder : ConfigurationProvider
    {
        public HashSet<string> Keys { get; } = [];

        public override bool TryGet(string key, out string? value)
        {
            if (key != "Sipstead") Keys.Add(key);
            return base.TryGet(key, out value);
        }
    }
}
