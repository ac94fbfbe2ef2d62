using Sipstead.Registrar.Location;

namespace Sipstead.Voice.Calls;

/// <summary>
/// In which order the devices of a user ring (ruling 14): bindings of equal q together, lower q when all of a group failed. Of one instance the newest flow
/// is tried, another only when that one fails.
/// </summary>
internal static class ForkPlan
{
    /// <summary>Groups in order; in a group one list for each device, holding its flows, newest first. Devices out of reach are left out.</summary>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<Binding>>> Of(IEnumerable<Binding> bindings) =>
    [
        .. from device in bindings.Where(binding => binding.Reachable).GroupBy(DeviceOf)
           let flows = device.OrderByDescending(binding => binding.Id).ToList()
           group flows by flows.Max(binding => binding.Q ?? 1m) into devices
           orderby devices.Key descending
           select (IReadOnlyList<IReadOnlyList<Binding>>)[.. devices],
    ];

    /// <summary>Bindings without an instance are devices of their own.</summary>
    private static string DeviceOf(Binding binding) => binding.Instance ?? $"binding {binding.Id}";
}
