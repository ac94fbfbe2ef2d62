using Sipstead.Provisioning.Trunks;

namespace Sipstead.Dashboard.Trunks;

/// <summary>What is typed in the form of a trunk. Lists are texts with an entry a line.</summary>
internal sealed class TrunkInput
{
    private static readonly char[] Separators = [' ', '\t', '\r', '\n', ',', ';'];

    public string? Name { get; set; }

    public bool IsEnabled { get; set; } = true;

    public int? Priority { get; set; } = new NewTrunk().Priority;

    public string? Host { get; set; }

    public int? Port { get; set; }

    /// <summary>Null leaves it to DNS.</summary>
    public TrunkTransport? Transport { get; set; }

    public string? UserName { get; set; }

    /// <summary>Empty keeps the stored one.</summary>
    public string? Password { get; set; }

    public string? Sources { get; set; }

    public string? Outbound { get; set; }

    public string? CallerIds { get; set; }

    public List<RouteInput> Routes { get; } = [];

    /// <summary>The form of a trunk, or that of a new one.</summary>
    public static TrunkInput Of(TrunkDetails? trunk)
    {
        var input = new TrunkInput();
        if (trunk is null) return input;
        (input.Name, input.IsEnabled, input.Priority) = (trunk.Name, trunk.IsEnabled, trunk.Priority);
        (input.Host, input.Port, input.Transport, input.UserName) = (trunk.Host, trunk.Port, trunk.Transport, trunk.UserName);
        (input.Sources, input.Outbound, input.CallerIds) = (Lines(trunk.Sources), Lines(trunk.Outbound), Lines(trunk.CallerIds));
        input.Routes.AddRange(trunk.Routes.Select(route => new RouteInput { Pattern = route.Pattern, Target = RouteTarget.Of(route) }));
        return input;
    }

    /// <summary>What the service takes. Spaces around what is no password come from the clipboard.</summary>
    public NewTrunk ToWish() => new()
    {
        Name = Name?.Trim(), IsEnabled = IsEnabled, Priority = Priority ?? new NewTrunk().Priority, Host = Host?.Trim().Trim('[', ']'), Port = Port,
        Transport = Transport?.ToString(), UserName = NullIfEmpty(UserName?.Trim()), Password = NullIfEmpty(Password), Sources = Entries(Sources),
        Outbound = Entries(Outbound), CallerIds = Entries(CallerIds),
        Routes = [.. Routes.Select(route => new NewTrunkRoute(route.Pattern?.Trim(), route.Target?.ApplicationId?.ToString("D"), route.Target?.LocationId))],
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Lines(IReadOnlyList<string> entries) => string.Join('\n', entries);

    private static string[] Entries(string? text) => text?.Split(Separators, StringSplitOptions.RemoveEmptyEntries) ?? [];
}

/// <summary>A route as it is typed.</summary>
internal sealed class RouteInput
{
    public string? Pattern { get; set; }

    public RouteTarget? Target { get; set; }
}

/// <summary>Where a route leads: one of the two.</summary>
internal sealed record RouteTarget(Guid? ApplicationId, long? LocationId)
{
    public static RouteTarget Of(TrunkRouteDetails route) => new(route.ApplicationId, route.LocationId);
}
