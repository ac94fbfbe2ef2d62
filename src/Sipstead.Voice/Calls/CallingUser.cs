using System.Diagnostics.CodeAnalysis;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;

namespace Sipstead.Voice.Calls;

/// <summary>A user whose device calls or refers, and whose application is asked what to do.</summary>
/// <param name="Uri">As the API writes him: <c>sip:user@realm</c>.</param>
/// <param name="Application">Takes his calls.</param>
/// <param name="MediaEncryption">Of his realm.</param>
internal sealed record CallingUser(string Uri, ApplicationEntry Application, MediaEncryption MediaEncryption)
{
    /// <summary>Finds him by the credential that his device showed. False for nobody of ours, or one without an application.</summary>
    public static bool TryFind(ProvisioningView view, long realmId, long credentialId, [NotNullWhen(true)] out CallingUser? user)
    {
        user = null;
        if (!view.Credentials.TryGetApplication(credentialId, out var applicationId)
            || !view.Applications.TryFind(applicationId, out var application)
            || !view.Realms.TryFind(realmId, out var realm)
            || !view.Credentials.TryGetUserName(credentialId, out var userName)) return false;
        user = new CallingUser($"sip:{userName}@{realm.Fqdn}", application, realm.MediaEncryption);
        return true;
    }
}
