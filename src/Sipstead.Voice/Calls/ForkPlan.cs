using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>
/// In which order the devices of a user ring (ruling 14): bindings of equal q together, lower q when all of a group failed. Of one instance the flow that was
/// registered or refreshed last is tried, another only when that one fails.
/// </summary>
internal static class ForkPlan
{
    /// <summary>Groups in order; in a group one list for each device, holding its flows, newest first. Devices out of reach are left out.</summary>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<Binding>>> Of(IEnumerable<Binding> bindings) =>
    [
        .. from device in bindings.Where(CanRing).GroupBy(DeviceOf)
           let flows = device.OrderByDescending(binding => binding.RefreshedAt).ThenByDescending(binding => binding.Id).ToList()
           group flows by flows.Max(binding => binding.Q ?? 1m) into devices
           orderby devices.Key descending
           select (IReadOnlyList<IReadOnlyList<Binding>>)[.. devices],
    ];

    /// <summary>A sips Contact is called with its sips URI, which must not go over a flow that anybody can read (REG-08; RFC 3261 26.2.2).</summary>
    private static bool CanRing(Binding binding) => binding.Reachable
        && (binding.Flow.Transport.IsSecure() || !binding.Contact.StartsWith("sips:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Bindings without an instance are devices of their own.</summary>
    private static string DeviceOf(Binding binding) => binding.Instance ?? $"binding {binding.Id}";
}
