namespace Sipstead.Provisioning.Applications;

/// <summary>An application as the API shows it (contract 7).</summary>
/// <param name="Id">Its id.</param>
/// <param name="AccountId">The account that owns it.</param>
/// <param name="ServiceType">What it is for.</param>
/// <param name="Name">Its name.</param>
/// <param name="Voice">Where its events go; empty unless it is for voice.</param>
/// <param name="Messaging">What it was given for messages; empty unless it is for messages.</param>
public sealed record ApplicationDetails(
    Guid Id, long AccountId, ApplicationServiceType ServiceType, string Name, VoiceCallbacks Voice, MessagingCallbacks Messaging);
