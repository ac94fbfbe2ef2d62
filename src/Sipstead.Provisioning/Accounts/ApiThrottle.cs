using System.Net;

namespace Sipstead.Provisioning.Accounts;

/// <summary>
/// Slows the guessing of passwords over the APIs. A user name from one source may be wrong 10 times, a source with any names 100 times;
/// then each further check of a password waits as <see cref="PasswordFailures{TKey}"/> says. Nothing is counted against a name alone:
/// what strangers try elsewhere never slows its user. A password that was right within the last minute is not held up.
/// </summary>
internal sealed class ApiThrottle(TimeProvider time, ProvisioningMetrics metrics, int maximumKeys = ApiThrottle.DefaultMaximumKeys)
{
    private const int DefaultMaximumKeys = 10_000;
    private const int FreeFailuresOfUser = 10;
    private const int FreeFailuresOfSource = 100;

    private readonly Lock _lock = new();
    private readonly PasswordFailures<(IPAddress Source, string UserName)> _byUser = new(time, maximumKeys, FreeFailuresOfUser);
    private readonly PasswordFailures<IPAddress> _bySource = new(time, maximumKeys, FreeFailuresOfSource);

    /// <summary>How many sources, and names from a source, are remembered: at most 10,000 of each.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _byUser.Count + _bySource.Count;
        }
    }

    /// <summary>How long a name from a source has to wait; zero when its password may be checked now.</summary>
    public TimeSpan Wait(string userName, IPAddress? remote)
    {
        if (SourceNetwork.Of(remote) is not { } source) return TimeSpan.Zero;
        lock (_lock)
        {
            var ofUser = _byUser.Wait((source, userName));
            var ofSource = _bySource.Wait(source);
            return ofUser > ofSource ? ofUser : ofSource;
        }
    }

    /// <summary>Counts a request that was told to wait.</summary>
    public void Slowed() => metrics.ApiRequestSlowed();

    /// <summary>Counts a password that was checked.</summary>
    public void Checked(string userName, IPAddress? remote, bool isRight)
    {
        if (SourceNetwork.Of(remote) is not { } source) return;
        lock (_lock)
        {
            if (isRight)
            {
                _byUser.Clear((source, userName));
                return;
            }

            // No user has a longer name, so there is nothing to guess, and a key must not be as long as a request.
            if (userName.Length <= ApiUserRules.MaximumNameLength) _byUser.Add((source, userName));
            _bySource.Add(source);
        }
    }
}
