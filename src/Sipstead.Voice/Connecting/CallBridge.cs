using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Connecting;

/// <summary>
/// Two calls whose parties hear each other, and each other's key presses, until one of them leaves. Each takes part on its own mailbox, as long as what runs
/// on it is not interrupted. What a party that holds sends, the other hears: music, or silence.
/// </summary>
internal sealed class CallBridge(Call first, Call second)
{
    /// <summary>How long a key press of the other party is sent, which is told at its beginning.</summary>
    private static readonly TimeSpan KeyDuration = TimeSpan.FromMilliseconds(160);

    private readonly AudioPipe _toFirst = new();
    private readonly AudioPipe _toSecond = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Call OtherThan(Call call) => call == first ? second : first;

    /// <summary>
    /// Lets the party of one of the two hear and be heard until the other leaves, and leaves when interrupted. Answers an inbound call. On the call's mailbox,
    /// once for each of them.
    /// </summary>
    public async Task StayAsync(Call call, CancellationToken interrupted)
    {
        var (said, heard) = call == first ? (_toSecond, _toFirst) : (_toFirst, _toSecond);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        call.Bridge = this;
        try
        {
            await call.AnswerAsync(interrupted);
            using var tap = call.Media?.Tap(AudioTrack.Inbound, said);
            var hearing = call.PlayAsync(heard, stop.Token);
            await Task.WhenAny(hearing, _over.Task);
            await Task.Yield(); // whatever took the other away may have posted something for this one first
        }
        finally
        {
            stop.Cancel();
            if (call.Bridge == this) call.Bridge = null;
            End();
        }

        interrupted.ThrowIfCancellationRequested();
    }

    /// <summary>Ends it, also where one of the two never took part.</summary>
    public void End() => _over.TrySetResult();

    /// <summary>Sends a key that the party of one of the two pressed to the other's (RFC 4733).</summary>
    public void PassOn(Call from, char key) => OtherThan(from).Media?.SendDigit(key, KeyDuration, static () => { });
}
