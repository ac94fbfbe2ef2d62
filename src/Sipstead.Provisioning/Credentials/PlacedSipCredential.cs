using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Credentials;

/// <summary>An entry of a bulk request and the realm that it names, or why it names none.</summary>
internal readonly record struct PlacedSipCredential(NewSipCredential Entry, RealmDetails? Realm, ProvisioningError? Error);
