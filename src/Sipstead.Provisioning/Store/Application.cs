using Sipstead.Provisioning.Applications;

namespace Sipstead.Provisioning.Store;

/// <summary>A row of the application table. Its id comes from the server and rises with time.</summary>
internal sealed class Application
{
    public Guid Id { get; set; }

    public long AccountId { get; set; }

    public ApplicationServiceType ServiceType { get; set; }

    public required string Name { get; set; }

    /// <summary><see cref="Name"/> in lower case: searches ignore case (ruling 25).</summary>
    public required string NameKey { get; set; }

    /// <summary>Whether the passwords are sealed (<see cref="SecretSeal"/>); false in rows of before there was a key, until the next start.</summary>
    public bool IsSealed { get; set; }

    public required VoiceCallbacks Voice { get; set; }

    public required MessagingCallbacks Messaging { get; set; }
}
