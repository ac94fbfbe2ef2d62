namespace Sipstead.Provisioning.Applications;

/// <summary>All that a user says of an application, after the rules.</summary>
internal sealed record ApplicationSettings(
    ApplicationServiceType ServiceType, string Name, VoiceCallbacks Voice, MessagingCallbacks Messaging);
