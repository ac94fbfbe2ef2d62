using MudBlazor;
using Sipstead.Registrar.History;

namespace Sipstead.Dashboard.Devices;

/// <summary>How it is with the phones of a credential, in two sentences: what is, and what to do.</summary>
internal sealed record CredentialStanding(Severity Severity, string Words)
{
    /// <summary>Draws the sum of a credential's registrations and of its last attempt.</summary>
    /// <param name="last">The newest entry of its history; null when there is none.</param>
    public static CredentialStanding Of(IReadOnlyList<Device> devices, RegistrationAttempt? last)
    {
        var refused = last is not null && RegistrationOutcomes.IsRefusal(last.Outcome) ? SentencesOf(last) : null;
        if (devices.Any(device => device.Binding.Reachable))
        {
            return refused is null
                ? new(Severity.Success, "Registered: calls reach the phone.")
                : new(Severity.Warning, $"Registered, but the last attempt from {last!.Source} was refused. {refused}");
        }

        if (devices.Count > 0) return new(Severity.Warning, "Registered, but the connection is gone. Calls reach the phone once it registers anew.");
        if (refused is not null) return new(Severity.Error, $"Not registered. {refused}");
        return last is not null
            ? new(Severity.Warning, $"Not registered. {SentencesOf(last)}")
            : new(Severity.Info, "Not registered, and no attempt is known. If the phone tries, its requests do not arrive: the Connection doctor finds out where they end.");
    }

    private static string SentencesOf(RegistrationAttempt attempt) =>
        $"{RegistrationOutcomes.ReasonOf(attempt.Outcome)} {RegistrationOutcomes.AdviceOf(attempt.Outcome)}";
}
