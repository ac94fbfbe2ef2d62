using System.Buffers;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.History;

/// <summary>Bindings that end without a request: noted while locks are held, told when they are released. For one operation.</summary>
/// <param name="outcome">Why those end that have not expired.</param>
internal sealed class BindingEnds(RegistrationHistory history, ProvisioningView view, ServerClock clock, RegistrationOutcome outcome)
{
    private readonly ArrayBufferWriter<byte> _octets = new();
    private readonly List<End> _ends = [];

    public void Note(AorRecord record, in PackedBinding binding) => _ends.Add(new End(
        record.RealmId, record.CredentialId, binding.Header.ExpiresAt <= clock.NowMs ? ExpiryOf(binding) : outcome, _octets.Keep(binding.Octets)));

    /// <summary>Why a binding is over whose time is.</summary>
    public static RegistrationOutcome ExpiryOf(in PackedBinding binding) =>
        (binding.Header.Flags & BindingFlags.FlowEnded) != 0 ? RegistrationOutcome.FlowEnded : RegistrationOutcome.Expired;

    /// <summary>Puts what was noted into the history.</summary>
    public void Tell()
    {
        if (_ends.Count == 0) return;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(clock.WallMs);
        Span<byte> userName = stackalloc byte[RegistrationAttempt.MaxUserName];
        foreach (var end in _ends)
        {
            var binding = new PackedBinding(_octets.WrittenSpan[end.Binding]);
            history.Add(NewAttempt.Of(binding, end.Outcome, at, end.RealmId, end.CredentialId, binding.Header.Flow, view.Credentials, userName));
        }

        _ends.Clear();
        _octets.ResetWrittenCount();
    }

    /// <param name="Binding">Where the packed binding is kept.</param>
    private readonly record struct End(long RealmId, long CredentialId, RegistrationOutcome Outcome, Range Binding);
}
