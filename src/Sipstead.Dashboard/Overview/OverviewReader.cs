using Sipstead.Dashboard.Credentials;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Recordings;

namespace Sipstead.Dashboard.Overview;

/// <summary>Reads what the overview shows.</summary>
internal sealed class OverviewReader(
    ProvisioningView view, ApplicationService applications, RegistrarService registrar, CallDirectory calls, ConferenceDirectory conferences,
    RecordingDirectory recordings, RecordingOptions recordingOptions, ActivityLog activity, TimeProvider time)
{
    /// <summary>Counting goes through every address-of-record of the server, so all pages share a count for a while.</summary>
    private static readonly TimeSpan CountsHold = TimeSpan.FromSeconds(2);

    /// <summary>Buckets in the charts: six hours.</summary>
    public const int ChartBuckets = 72;

    private readonly Lock _counting = new();
    private IReadOnlyDictionary<long, int>? _counts;
    private long _countedAt;

    public async Task<OverviewFigures> ReadAsync(long accountId, CancellationToken cancellationToken)
    {
        var all = view.Realms.All.Where(realm => realm.AccountId == accountId).ToList();
        var statistics = calls.Statistics(accountId, TimeSpan.FromHours(1));
        var registered = Registered();
        return new OverviewFigures
        {
            Realms = all.Count, Credentials = all.Sum(realm => view.Credentials.CountOf(realm.Id)), Registered = all.Sum(realm => registered.GetValueOrDefault(realm.Id)),
            Applications = (await applications.ListVoiceAsync(accountId, cancellationToken)).Count, LiveCalls = statistics.Live, CallsToday = statistics.Today,
            LiveConferences = conferences.CountLive(accountId), RecordedOctets = recordings.UsageOf(accountId).Octets, RecordingRoom = recordingOptions.OctetsPerAccount,
            IsJournalWorking = registrar.IsJournalWorking, Activity = activity.Last(accountId, ChartBuckets), HasCalled = calls.List(accountId, new CallFilter(), 1).Calls.Count > 0,
        };
    }

    private IReadOnlyDictionary<long, int> Registered()
    {
        lock (_counting)
        {
            if (_counts is { } counts && time.GetElapsedTime(_countedAt) < CountsHold) return counts;
            (_counts, _countedAt) = (registrar.CountByRealm(), time.GetTimestamp());
            return _counts;
        }
    }
}
