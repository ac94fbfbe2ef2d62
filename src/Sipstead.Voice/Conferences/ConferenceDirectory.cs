using System.Globalization;
using Sipstead.Voice.Bxml.Runs;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Voice.Conferences;

/// <summary>
/// The conferences of an account as a person looks at them, and what a person may do with them. A conference of another account is as unknown as one that is
/// not there. Thread-safe.
/// </summary>
public sealed class ConferenceDirectory
{
    private const int MaximumPageSize = 1000;

    private readonly CallServices _services;
    private readonly ExchangeLog _exchanges;

    internal ConferenceDirectory(CallServices services, ExchangeLog exchanges)
    {
        _services = services;
        _exchanges = exchanges;
    }

    /// <summary>
    /// Raised with each new state of a conference of any account, those of one conference in order, two conferences maybe at once. Outside of locks, but the
    /// conference waits: handlers must be quick.
    /// </summary>
    public event Action<ConferenceState>? Changed
    {
        add => _services.Conferences.Changes.Changed += value;
        remove => _services.Conferences.Changes.Changed -= value;
    }

    /// <summary>A page of an account's conferences, newest first.</summary>
    /// <param name="isLive">True for conferences that have not completed, false for completed ones, null for all.</param>
    /// <param name="pageSize">1 to 1000.</param>
    /// <param name="before">Null for the first page, then what <see cref="ConferencePage.Next"/> says.</param>
    public ConferencePage List(long accountId, bool? isLive = null, int pageSize = 50, long? before = null)
    {
        var (conferences, next) = _services.Conferences.ListNewest(TextOf(accountId), isLive, Math.Clamp(pageSize, 1, MaximumPageSize), before);
        return new ConferencePage(conferences, next);
    }

    /// <summary>Conferences of an account that have not completed.</summary>
    public int CountLive(long accountId) => _services.Conferences.CountLive(TextOf(accountId));

    /// <summary>All that is known of a conference; null when there is none (any more).</summary>
    public ConferenceDetails? Find(long accountId, string conferenceId) =>
        _services.Conferences.TryFind(TextOf(accountId), conferenceId, out var conference)
            ? new ConferenceDetails(conference.State, _services.Documents.Find(conferenceId), _exchanges.Find(TextOf(accountId), conferenceId))
            : null;

    /// <summary>Ends a conference: its members go on with what follows. False when it has ended or there is none.</summary>
    public async Task<bool> CompleteAsync(long accountId, string conferenceId) =>
        _services.Conferences.TryFind(TextOf(accountId), conferenceId, out var conference) && conference.Live is { } live && await live.CompleteAsync();

    /// <summary>Changes how a member takes part; null leaves it as it is. False when there is no such member (any more).</summary>
    public async Task<bool> ChangeMemberAsync(long accountId, string conferenceId, string callId, bool? mute = null, bool? hold = null) =>
        _services.Conferences.TryFind(TextOf(accountId), conferenceId, out var conference) && conference.Live is { } live
        && await live.ChangeAsync(callId, new MemberChange(mute, hold, null)) == MemberChanged.Done;

    private static string TextOf(long accountId) => accountId.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A page of conferences, newest first.</summary>
/// <param name="Next">What <see cref="ConferenceDirectory.List"/> takes for the next page; null behind the last one.</param>
public sealed record ConferencePage(IReadOnlyList<ConferenceState> Conferences, long? Next);

/// <summary>All that is known of one conference, at one moment. Lists are in the order of time; what a bound dropped is missing at their beginning.</summary>
/// <param name="Documents">BXML documents with what ran of them.</param>
/// <param name="Exchanges">Webhooks with what was answered.</param>
public sealed record ConferenceDetails(ConferenceState State, IReadOnlyList<BxmlRun> Documents, IReadOnlyList<WebhookExchange> Exchanges);
