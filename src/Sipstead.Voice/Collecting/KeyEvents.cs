using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Collecting;

/// <summary>
/// Tells the application each key, one after the other, so that they come in order. A party can press faster than an application answers: so many wait, and
/// what is pressed beyond is dropped and counted.
/// </summary>
internal sealed class KeyEvents(Call call) : IKeyEvents
{
    /// <summary>Keys that wait: half a minute of what a fast thumb presses.</summary>
    public const int Capacity = 64;

    private readonly Queue<WebhookMessage> _waiting = new();
    private WebhookTarget? _target;
    private int _pauses;
    private bool _isTelling;

    public void Start(WebhookTarget target) => _target = target;

    public void Stop() => _target = null;

    public IDisposable Pause()
    {
        _pauses++;
        return new Resumption(this);
    }

    /// <summary>Takes a key that the party pressed.</summary>
    public void Hear(char key)
    {
        if (_target is null || _pauses > 0) return;
        if (_waiting.Count == Capacity)
        {
            call.Services.Metrics.KeyDropped();
            return;
        }

        var notice = new VerbNotice("dtmf", _target, json => json.WriteString("digit"u8, [key]));
        _waiting.Enqueue(call.Webhooks.Prepare(call.State, notice)); // now, so that its time is that of the press
        if (!_isTelling) _ = TellAsync();
    }

    /// <summary>Comes back to the mailbox after each.</summary>
    private async Task TellAsync()
    {
        _isTelling = true;
        while (_waiting.TryDequeue(out var message)) await call.Webhooks.TellAsync(message);
        _isTelling = false;
    }

    private sealed class Resumption(KeyEvents keys) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (!_isOver) keys._pauses--;
            _isOver = true;
        }
    }
}
