namespace Sipstead.Architecture.Tests;

/// <summary>Who may refer to whom: the arrows of docs/architecture.md.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sip"] = [],
        ["Media"] = [],
        ["Dns"] = [],
        ["Webhooks"] = [],
        ["Provisioning"] = [],
        ["Registrar"] = ["Provisioning", "Sip", "Webhooks"],
        ["Voice"] = ["Media", "Registrar", "Provisioning", "Sip", "Webhooks"],
        ["Dashboard"] = ["Voice", "Registrar", "Provisioning", "Dns", "Sip", "Media", "Webhooks"],
        ["Server"] = ["Sip", "Media", "Dns", "Webhooks", "Provisioning", "Registrar", "Voice", "Dashboard"],
    };

    public static TheoryData<string> Names => [.. Projects.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Project_References_FollowTheArrows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} has no place in the architecture: give it one here and in docs/architecture.md.");
        Findings.ShouldBeNone(Projects.DeclaredReferences(project).Except(allowed));
        Findings.ShouldBeNone(Projects.UsedReferences(project).Except(allowed));
    }

    [Fact]
    public void Assemblies_AreReadForWhatTheyUse()
    {
        // Guards the test above: a reading that finds nothing would pass it.
        Assert.Contains("Sip", Projects.UsedReferences("Registrar"));
        Assert.Contains("Registrar", Projects.DeclaredReferences("Server"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Project_HasTests(string project) =>
        Assert.Contains($"Sipstead.{project}.Tests", Projects.ProjectFiles("tests").Select(Path.GetFileNameWithoutExtension));
}
