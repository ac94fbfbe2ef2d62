using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Conferences;

/// <summary>Whether a call may join.</summary>
internal enum ConferenceAdmission
{
    Admitted,

    /// <summary>The conference has as many calls as it may.</summary>
    Full,

    /// <summary>The account has as many conferences as it may.</summary>
    AccountConferences,

    /// <summary>The server has as many conferences as it may.</summary>
    ServerConferences,
}

/// <summary>
/// Every conference that the API knows, and who may join the live ones. Seats are counted here, under one lock with the names: so a conference is left by its
/// last call or joined by another, never both. Thread-safe.
/// </summary>
internal sealed class ConferenceRegistry(VoiceOptions options, TimeProvider time, VoiceMetrics metrics, ILogger logger)
{
    private readonly KeptRecords<RegisteredConference> _records = new(options.MaxEndedConferences, time);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string AccountId, string Name), OpenConference> _open = [];

    /// <summary>What happens to conferences.</summary>
    public ConferenceChanges Changes { get; } = new(logger);

    /// <summary>Conferences in memory, completed ones included.</summary>
    public int Count => _records.Count;

    /// <summary>Takes a seat in the account's conference of a name, which is made when there is none.</summary>
    /// <param name="make">Called under a lock.</param>
    public ConferenceAdmission TryEnter(string accountId, string name, Func<Conference> make, out Conference conference)
    {
        ConferenceAdmission admission;
        lock (_lock) admission = Enter(accountId, name, make, out conference);
        if (admission != ConferenceAdmission.Admitted) metrics.ConferenceRefused(admission);
        return admission;
    }

    /// <summary>Gives a seat back. True when it was the last one: the conference is over then, and its name is free.</summary>
    public bool Leave(Conference conference)
    {
        lock (_lock) return _open.TryGetValue(KeyOf(conference), out var open) && open.Conference == conference && --open.Seats == 0 && _open.Remove(KeyOf(conference));
    }

    /// <summary>Lets nobody join any more.</summary>
    public void Close(Conference conference)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(KeyOf(conference), out var open) && open.Conference == conference) _open.Remove(KeyOf(conference));
        }
    }

    /// <summary>Notes that a conference completed, and forgets those that did so too long ago or are too many.</summary>
    public void Ended(Conference conference)
    {
        if (!TryFind(conference.State.AccountId, conference.Id, out var record)) return;
        record.End();
        _records.Ended(record);
    }

    /// <summary>Finds a conference of an account.</summary>
    public bool TryFind(string accountId, string conferenceId, [NotNullWhen(true)] out RegisteredConference? conference) =>
        _records.TryFind(accountId, conferenceId, out conference);

    /// <summary>Conferences that have not completed.</summary>
    public IReadOnlyList<Conference> Live() => [.. _records.All.Select(record => record.Live).OfType<Conference>()];

    /// <summary>Conferences of an account that calls can join.</summary>
    public int CountLive(string accountId)
    {
        lock (_lock) return CountOpen(accountId);
    }

    /// <summary>A page of what is selected of an account's conferences, oldest first, and the number that the next page begins with.</summary>
    public (IReadOnlyList<ConferenceState> Conferences, long? Next) List(string accountId, ConferenceQuery query) =>
        _records.List(accountId, query.FirstNumber, query.PageSize, record => record.State is var state && query.Matches(state) ? state : null);

    /// <summary>A page of an account's conferences, newest first, from behind a number on.</summary>
    public (IReadOnlyList<ConferenceState> Conferences, long? Next) ListNewest(string accountId, bool? isLive, int pageSize, long? before) =>
        _records.ListNewest(accountId, before, pageSize, record => record.State is var state && (isLive is null || isLive == state.CompletedTime is null) ? state : null);

    private ConferenceAdmission Enter(string accountId, string name, Func<Conference> make, out Conference conference)
    {
        conference = null!;
        if (!_open.TryGetValue((accountId, name), out var open))
        {
            if (_open.Count >= options.MaxConferences) return ConferenceAdmission.ServerConferences;
            if (CountOpen(accountId) >= options.MaxConferencesPerAccount) return ConferenceAdmission.AccountConferences;
            open = new OpenConference(make());
            _open.Add((accountId, name), open);
            _records.Add(accountId, number => new RegisteredConference(number, open.Conference));
        }

        if (open.Seats == Conference.MaxMembers) return ConferenceAdmission.Full;
        open.Seats++;
        conference = open.Conference;
        return ConferenceAdmission.Admitted;
    }

    private int CountOpen(string accountId) => _open.Keys.Count(key => key.AccountId == accountId);

    private static (string AccountId, string Name) KeyOf(Conference conference) => (conference.State.AccountId, conference.State.Name);

    private sealed class OpenConference(Conference conference)
    {
        public Conference Conference { get; } = conference;

        /// <summary>Calls that are in it, or on their way in or out.</summary>
        public int Seats { get; set; }
    }
}
