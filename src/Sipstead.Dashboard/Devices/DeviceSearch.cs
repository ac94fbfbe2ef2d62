using Sipstead.Provisioning.View;
using Sipstead.Registrar.Location;

namespace Sipstead.Dashboard.Devices;

/// <summary>Finds live registrations of realms, a page at a time: of a large realm no more than a part is ever held.</summary>
/// <param name="inRealm">Bindings of a realm by id, from one on, at most so many.</param>
/// <param name="ofCredential">Bindings of a credential.</param>
/// <param name="nameOf">The user name of a credential; null for one that is gone.</param>
internal sealed class DeviceSearch(
    Func<long, long, int, IReadOnlyList<Binding>> inRealm, Func<long, IReadOnlyList<Binding>> ofCredential, Func<long, string?> nameOf)
{
    /// <summary>Bindings that a search for a text reads at once.</summary>
    public const int Part = 10_000;

    /// <summary>Realms, or parts of them, that one search reads; then it returns what it has, and where to go on.</summary>
    public const int MaxReads = 64;

    /// <summary>A page of registrations, by realm and id.</summary>
    /// <param name="realms">The realms to search, by id.</param>
    /// <param name="text">What <see cref="Device.Matches"/> asks for; empty for all.</param>
    /// <param name="from">Where the page begins.</param>
    /// <param name="size">Registrations of a full page.</param>
    public DevicePage Find(IReadOnlyList<RealmEntry> realms, string text, DeviceCursor from, int size, CancellationToken cancellationToken)
    {
        var found = new List<Device>(size);
        var limit = text.Length == 0 ? size + 1 : Part; // one more tells whether there is a next page
        for (var reads = 0; reads < MaxReads; reads++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (realms.FirstOrDefault(realm => realm.Id >= from.RealmId) is not { } realm) return new DevicePage(found, null);
            var part = inRealm(realm.Id, realm.Id == from.RealmId ? from.BindingId : 0, limit);
            foreach (var binding in part)
            {
                if (DeviceOf(binding, realm.Fqdn) is not { } device || !device.Matches(text)) continue;
                if (found.Count == size) return new DevicePage(found, new DeviceCursor(realm.Id, binding.Id));
                found.Add(device);
            }

            from = part.Count < limit ? new DeviceCursor(realm.Id + 1, 0) : new DeviceCursor(realm.Id, part[^1].Id + 1);
        }

        return new DevicePage(found, from);
    }

    /// <summary>The registrations of a credential, by id.</summary>
    public IReadOnlyList<Device> OfCredential(long credentialId, string realmFqdn) =>
        [.. ofCredential(credentialId).OrderBy(binding => binding.Id).Select(binding => DeviceOf(binding, realmFqdn)).OfType<Device>()];

    /// <summary>The same registrations as they are now. Those that ended meanwhile are missing.</summary>
    public IReadOnlyList<Device> Renew(IReadOnlyList<Device> devices)
    {
        var now = devices.Select(device => device.Binding.CredentialId).Distinct().SelectMany(ofCredential).ToDictionary(binding => binding.Id);
        return [.. devices.Where(device => now.ContainsKey(device.Binding.Id)).Select(device => new Device(now[device.Binding.Id], device.UserName, device.RealmFqdn))];
    }

    private Device? DeviceOf(Binding binding, string realmFqdn) =>
        nameOf(binding.CredentialId) is { } userName ? new Device(binding, userName, realmFqdn) : null;
}

/// <summary>A place in the list of registrations of some realms.</summary>
internal readonly record struct DeviceCursor(long RealmId, long BindingId);

/// <summary>A page of registrations.</summary>
/// <param name="Next">Where to go on; null at the end.</param>
internal sealed record DevicePage(IReadOnlyList<Device> Devices, DeviceCursor? Next);
