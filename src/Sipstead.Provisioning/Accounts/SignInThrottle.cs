using System.Net;

namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// Slows the guessing of passwords at the dashboard's sign-in; <see cref="ApiThrottle"/> does it for the APIs. Failures are counted by user name, existing or
/// not, and by remote address. After 5 of them each further try waits 1 s, 2 s, 4 s and so on, up to 60 s; a minute without a failure
/// takes one back, so nobody is locked out for long. What others did to a name does not touch an address that has no failure itself.
/// </summary>
/// <remarks>
/// A try counts as a failure when it begins, so that guesses at the same time are slowed too. Who was right, or was not even checked
/// (<see cref="ApiAuthenticationOutcome.Overloaded"/>), is given back by <see cref="TakeBack"/>.
/// </remarks>
public sealed class SignInThrottle
{
    private const int DefaultMaximumKeys = 10_000;
    private const int FreeFailures = 5;

    private readonly ProvisioningMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly PasswordFailures<string> _byName;
    private readonly PasswordFailures<IPAddress> _byAddress;

    internal SignInThrottle(TimeProvider time, ProvisioningMetrics metrics, int maximumKeys = DefaultMaximumKeys)
    {
        _metrics = metrics;
        _byName = new PasswordFailures<string>(time, maximumKeys, FreeFailures);
        _byAddress = new PasswordFailures<IPAddress>(time, maximumKeys, FreeFailures);
    }

    /// <summary>How many names and addresses are remembered: at most 10,000 of each.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _byName.Count + _byAddress.Count;
        }
    }

    /// <summary>Says whether a name and password may be checked now, and counts the try if so.</summary>
    /// <param name="userName">The name as submitted.</param>
    /// <param name="remote">Where the try comes from; null counts by name alone.</param>
    /// <param name="retryAfter">How long to wait, when it may not.</param>
    public bool TryBegin(string userName, IPAddress? remote, out TimeSpan retryAfter)
    {
        ArgumentNullException.ThrowIfNull(userName);
        var address = SourceNetwork.Of(remote);
        lock (_lock)
        {
            retryAfter = address is null ? TimeSpan.Zero : _byAddress.Wait(address);
            if (address is null || _byAddress.Of(address) > 0)
            {
                var byName = _byName.Wait(userName);
                if (byName > retryAfter) retryAfter = byName;
            }

            if (retryAfter == TimeSpan.Zero)
            {
                if (IsPossible(userName)) _byName.Add(userName);
                if (address is not null) _byAddress.Add(address);
                return true;
            }
        }

        _metrics.SignInSlowed();
        return false;
    }

    /// <summary>Takes a try back that <see cref="TryBegin"/> counted: its password was right, or could not be checked.</summary>
    public void TakeBack(string userName, IPAddress? remote)
    {
        ArgumentNullException.ThrowIfNull(userName);
        lock (_lock)
        {
            _byName.TakeBack(userName);
            if (SourceNetwork.Of(remote) is { } address) _byAddress.TakeBack(address);
        }
    }

    /// <summary>No user has a longer name, so there is nothing to protect, and a key must not be as long as a request.</summary>
    private static bool IsPossible(string userName) => userName.Length <= ApiUserRules.MaximumNameLength;
}
