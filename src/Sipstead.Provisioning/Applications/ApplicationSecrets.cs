using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Applications;

/// <summary>The passwords of an application's callbacks: sealed in its row, open everywhere else, since they are sent as they are (S-46).</summary>
internal sealed class ApplicationSecrets(SecretSeal seal)
{
    /// <summary>Puts callbacks into a row. A password that it has already keeps its text: the row shows what has changed.</summary>
    public void Seal(Application application, VoiceCallbacks open)
    {
        var (stored, known) = (application.Voice, Open(application));
        application.Voice = open with
        {
            Password = Sealed(application, nameof(open.Password), open.Password, known.Password, stored.Password),
            FallbackPassword = Sealed(
                application, nameof(open.FallbackPassword), open.FallbackPassword, known.FallbackPassword, stored.FallbackPassword),
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

    private string? Sealed(Application application, string field, string? secret, string? known, string? stored) =>
        secret is null ? null
            : application.IsSealed && secret == known ? stored
            : seal.Seal(secret, OwnerOf(application, field));

    private string? Opened(Application application, string field, string? text) =>
        text is not null && seal.TryOpen(text, OwnerOf(application, field), out var secret) ? secret : null;
}
