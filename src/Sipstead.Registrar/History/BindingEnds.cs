using Sipstead.Provisioning.View;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.History;

/// <summary>Bindings that end without a request: noted while locks are held, told when they are released. For one operation.</summary>
/// <param name="outcome">Why those end that have not expired.</param>
internal sealed class BindingEnds(RegistrationHistory history, ProvisioningView view, ServerClock clock, RegistrationOutcome outcome)
{
    private readonly List<RegistrationAttempt> _ends = [];

    public void Note(AorRecord record, in PackedBinding binding) => _ends.Add(RegistrationAttempt.Of(
        binding, binding.Header.Flow, record.RealmId, record.CredentialId, view.Credentials,
        binding.Header.ExpiresAt <= clock.NowMs ? ExpiryOf(binding) : outcome, DateTimeOffset.FromUnixTimeMilliseconds(clock.WallMs)));

    /// <summary>Why a binding is over whose time is.</summary>
    public static RegistrationOutcome ExpiryOf(in PackedBinding binding) =>
        (binding.Header.Flags & BindingFlags.FlowEnded) != 0 ? RegistrationOutcome.FlowEnded : RegistrationOutcome.Expired;

    /// <summary>Puts what was noted into the history.</summary>
    public void Tell()
    {
        foreach (var end in _ends) history.Add(end);
        _ends.Clear();
    }
}
