using Sipstead.Media;

namespace Sipstead.Voice.Calls;

/// <summary>A call that the registry knows: live, or what is left of it.</summary>
internal sealed class RegisteredCall(long number, Call call) : IKeptRecord
{
    private readonly Lock _lock = new();
    private Call? _live = call;
    private CallState? _last;
    private MediaStatistics? _lastMedia;

    public long Number { get; } = number;

    public string Id { get; } = call.Id;

    public string AccountId { get; } = call.State.AccountId;

    public DateTimeOffset? EndTime => State.EndTime;

    /// <summary>Null once it ended, so that nothing of a running call is kept with the record of an ended one.</summary>
    public Call? Live
    {
        get
        {
            lock (_lock) return _live;
        }
    }

    public CallState State
    {
        get
        {
            lock (_lock) return _live?.State ?? _last!;
        }
    }

    /// <summary>Its number in the trace.</summary>
    public long TraceNumber { get; } = call.TraceNumber;

    public CallLegs Legs { get; } = call.Legs;

    /// <summary>What its party was sent and sent so far; null when no media was agreed on.</summary>
    public MediaStatistics? Media
    {
        get
        {
            lock (_lock) return _live is { } live ? live.MediaStatistics : _lastMedia;
        }
    }

    public void End()
    {
        lock (_lock)
        {
            if (_live is null) return;
            (_last, _lastMedia) = (_live.State, _live.MediaStatistics);
            _live = null;
        }
    }
}
