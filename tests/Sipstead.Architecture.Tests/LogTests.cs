using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Sipstead.Architecture.Tests;

/// <summary>Operators filter and alert on event ids: each stands for one message, and tells its project by its range.</summary>
public sealed class LogTests
{
    private static readonly Dictionary<string, int> FirstIds = new()
    {
        ["Server"] = 1000,
        ["Sip"] = 2000,
        ["Registrar"] = 3000,
        ["Dns"] = 4000,
        ["Provisioning"] = 5000,
        ["Media"] = 6000,
        ["Webhooks"] = 7000,
        ["Voice"] = 8000,
        ["Dashboard"] = 9000,
    };

    public static TheoryData<string> Names => [.. Projects.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EventIds_AreInTheProjectsRange(string project)
    {
        Assert.True(FirstIds.TryGetValue(project, out var first), $"Give {project} a range of event ids.");
        Assert.All(EventIds(project), id => Assert.InRange(id, first, first + 999));
    }

    [Fact]
    public void EventIds_AreUnique()
    {
        var ids = Projects.Names.SelectMany(EventIds).ToList();
        Assert.True(ids.Count > 20);
        Assert.Empty(ids.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Messages_StandInOneCatalogue(string project) =>
        Assert.True(Messages(project).Select(method => method.DeclaringType).Distinct().Count() <= 1);

    private static IEnumerable<int> EventIds(string project) =>
        Messages(project).Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId);

    private static IEnumerable<MethodInfo> Messages(string project) =>
        from type in Projects.AssemblyOf(project).GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where method.IsDefined(typeof(LoggerMessageAttribute))
        select method;
}
