using System.Collections.Concurrent;

namespace Sipstead.Voice.Calls;

/// <summary>Whether a call may begin, and if not, why.</summary>
internal enum CallAdmission
{
    Admitted,

    /// <summary>The account's queue is full, or (inbound) it takes no more calls this second.</summary>
    AccountRate,

    /// <summary>The account has as many calls as it may.</summary>
    AccountCalls,

    /// <summary>The server has as many calls as it may.</summary>
    ServerCalls,
}

/// <summary>
/// How many calls there are and how fast they begin (voice-api.md 3, ruling 28). Without limits a call starts at once; with them it waits in its account's
/// queue, by priority and then in order of arrival.
/// </summary>
internal sealed class CallTraffic(VoiceOptions options, CallRegistry registry, TimeProvider time, VoiceMetrics metrics) : IDisposable
{
    /// <summary>The queue holds what five minutes can start.</summary>
    private const int QueueSeconds = 300;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Account> _accounts = new();

    /// <summary>Calls that have not ended, on the whole server; queued ones too, so that their turn never exceeds what the server may have.</summary>
    private int _calls;

    /// <summary>What one account has under way.</summary>
    private sealed class Account
    {
        public Lock Lock { get; } = new();

        public PriorityQueue<OutboundCall, (int Priority, long Number)> Queue { get; } = new();

        public long LastNumber { get; set; }

        public int Active { get; set; }

        /// <summary>Timestamps of the last starts, as many as there may be in a second.</summary>
        public Queue<long> Starts { get; } = new();

        public ITimer? Timer { get; set; }
    }

    /// <summary>Calls waiting in an account's queue.</summary>
    public int QueueSizeOf(string accountId) => _accounts.TryGetValue(accountId, out var account) ? account.Queue.Count : 0;

    /// <summary>Calls of an account that have not ended, queued ones included.</summary>
    public int LiveOf(string accountId)
    {
        if (!_accounts.TryGetValue(accountId, out var account)) return 0;
        lock (account.Lock) return account.Active + account.Queue.Count;
    }

    /// <summary>What an account's queue holds.</summary>
    public int QueueCapacity => options.CallsPerSecond * QueueSeconds ?? options.MaxCalls;

    /// <summary>Takes a new outbound call: it can be found from now on, and starts now or in its turn.</summary>
    public CallAdmission Admit(OutboundCall call, int priority)
    {
        var account = AccountOf(call.State.AccountId);
        lock (account.Lock)
        {
            if (account.Active >= options.MaxCallsPerAccount) return Refuse(CallAdmission.AccountCalls);
            if (account.Queue.Count >= QueueCapacity) return Refuse(CallAdmission.AccountRate);
            if (!TryTakePlace()) return Refuse(CallAdmission.ServerCalls);
            call.Enqueue();
            registry.Add(call);
            call.Announce();
            account.Queue.Enqueue(call, (priority, account.LastNumber++));
            StartDue(account);
            return CallAdmission.Admitted;
        }
    }

    /// <summary>Takes an inbound call, which cannot wait.</summary>
    public CallAdmission AdmitInbound(string accountId)
    {
        var account = AccountOf(accountId);
        lock (account.Lock) return AdmitAtOnce(account);
    }

    /// <summary>Takes a call that another call makes, which cannot wait: it can be found from now on, and starts.</summary>
    public CallAdmission AdmitAtOnce(OutboundCall call)
    {
        var account = AccountOf(call.State.AccountId);
        lock (account.Lock)
        {
            var admission = AdmitAtOnce(account);
            if (admission != CallAdmission.Admitted) return admission;
            call.Enqueue();
            registry.Add(call);
            call.Announce();
            call.HasLeftQueue = true;
            call.Start();
            return admission;
        }
    }

    /// <summary>Notes the end of a call that was admitted.</summary>
    public void Ended(Call call)
    {
        var account = AccountOf(call.State.AccountId);
        lock (account.Lock)
        {
            if (call is OutboundCall { HasLeftQueue: false } waiting) account.Queue.Remove(waiting, out _, out _);
            else account.Active--;
            Free(account);
        }
    }

    /// <summary>Gives the place of an inbound call back that did not become one.</summary>
    public void Withdrawn(string accountId)
    {
        var account = AccountOf(accountId);
        lock (account.Lock)
        {
            account.Active--;
            Free(account);
        }
    }

    public void Dispose()
    {
        foreach (var account in _accounts.Values) account.Timer?.Dispose();
    }

    private CallAdmission AdmitAtOnce(Account account)
    {
        if (account.Active >= options.MaxCallsPerAccount) return Refuse(CallAdmission.AccountCalls);
        if (!MayStart(account)) return Refuse(CallAdmission.AccountRate);
        if (!TryTakePlace()) return Refuse(CallAdmission.ServerCalls);
        NoteStart(account);
        return CallAdmission.Admitted;
    }

    private Account AccountOf(string accountId) => _accounts.GetOrAdd(accountId, _ => new Account());

    private void Free(Account account)
    {
        Interlocked.Decrement(ref _calls);
        StartDue(account);
    }

    private bool TryTakePlace()
    {
        if (Interlocked.Increment(ref _calls) <= options.MaxCalls) return true;
        Interlocked.Decrement(ref _calls);
        return false;
    }

    private CallAdmission Refuse(CallAdmission limit)
    {
        metrics.Refused(limit.ToString());
        return limit;
    }

    private void StartDue(Account account)
    {
        while (account.Queue.TryPeek(out var call, out _))
        {
            if (account.Active >= options.MaxCallsPerAccount) return; // the end of another call starts it
            if (!MayStart(account))
            {
                Wake(account);
                return;
            }

            account.Queue.Dequeue();
            NoteStart(account);
            call.HasLeftQueue = true;
            call.Start();
        }
    }

    private bool MayStart(Account account) =>
        options.CallsPerSecond is not { } rate || account.Starts.Count < rate || time.GetElapsedTime(account.Starts.Peek()) >= Second;

    private void NoteStart(Account account)
    {
        account.Active++;
        if (options.CallsPerSecond is not { } rate) return;
        if (account.Starts.Count == rate) account.Starts.Dequeue();
        account.Starts.Enqueue(time.GetTimestamp());
    }

    /// <summary>Comes back when the oldest of the last starts is a second old.</summary>
    private void Wake(Account account)
    {
        account.Timer ??= time.CreateTimer(_ => OnDue(account), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var rest = Second - time.GetElapsedTime(account.Starts.Peek());
        account.Timer.Change(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnDue(Account account)
    {
        lock (account.Lock) StartDue(account);
    }
}
