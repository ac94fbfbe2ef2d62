using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Applications;

/// <summary>The passwords of an application's callbacks: sealed in its row, open everywhere else, since they are sent as they are (S-46).</summary>
internal sealed class ApplicationSecrets(SecretSeal seal)
{
    /// <summary>Puts callbacks into a row.</summary>
    public void Seal(Application application, VoiceCallbacks open)
    {
        application.Voice = open with
        {
            Password = Sealed(application, nameof(open.Password), open.Password),
            FallbackPassword = Sealed(application, nameof(open.FallbackPassword), open.FallbackPassword),
        };
        application.IsSealed = true;
    }

    /// <summary>The callbacks of a row. A password that was sealed with another key is null.</summary>
    public VoiceCallbacks Open(Application application)
    {
        var voice = application.Voice;
        return application.IsSealed
            ? voice with
            {
                Password = Opened(application, nameof(voice.Password), voice.Password),
                FallbackPassword = Opened(application, nameof(voice.FallbackPassword), voice.FallbackPassword),
            }
            : voice;
    }

    private static string OwnerOf(Application application, string field) => $"{application.Id}/{field}";

    private string? Sealed(Application application, string field, string? secret) =>
        secret is null ? null : seal.Seal(secret, OwnerOf(application, field));

    private string? Opened(Application application, string field, string? text) =>
        text is not null && seal.TryOpen(text, OwnerOf(application, field), out var secret) ? secret : null;
}
