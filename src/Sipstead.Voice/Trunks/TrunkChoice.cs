using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Locating;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Trunks;

/// <summary>
/// Over which trunks of an account a call goes (ruling 27): those that take the number and allow the caller, by priority, equal ones at random. Trunks that
/// are down come last: when nothing else is left, a check may be wrong.
/// </summary>
internal sealed class TrunkChoice(ProvisioningView view, ITrunkHealth health, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;

    /// <summary>The way to a number; null when no trunk of the account takes it.</summary>
    public Destination? To(long accountId, string number, string from) => Choose(view.Trunks.To(accountId, number), number, from);

    /// <summary>The way to a user at the host of a trunk; null when no trunk of the account there takes it.</summary>
    public Destination? To(long accountId, SipDestination target, string user, string from) =>
        Choose(view.Trunks.To(accountId, user).Where(trunk => TrunkAddress.IsNamedBy(trunk, target)), user, from);

    private Destination? Choose(IEnumerable<TrunkEntry> trunks, string user, string from)
    {
        var taking = trunks.ToList();
        if (taking.Count == 0) return null;
        var allowing = taking.FindAll(trunk => trunk.AllowsCaller(from, view.Numbers));
        if (allowing.Count == 0)
        {
            var names = string.Join(", ", taking.Select(trunk => trunk.Name));
            return new Destination.Unreachable(CallCause.Rejected, $"{from} is no number of the account and no caller id that is allowed on {names}");
        }

        return new Destination.Trunk([.. allowing.OrderBy(IsDown).ThenBy(trunk => trunk.Priority).ThenBy(_ => _random.Next())], user);
    }

    private bool IsDown(TrunkEntry trunk) => health.Of(trunk.Id)?.State == TrunkState.Down;
}
