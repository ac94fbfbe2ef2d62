using System.Text.Json;
using Sipstead.Voice.Conferences;
using Sipstead.Voice.Streams;
using Sipstead.Voice.Transcribing;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Bxml;

/// <summary>
/// What a verb may ask of the call that it runs on; a verb touches neither sockets nor HTTP. All members are used on the call's mailbox. Waits end with
/// <see cref="OperationCanceledException"/> when the verb is interrupted.
/// </summary>
internal interface IVerbCall : IVerbStage
{
    /// <summary>False for an inbound call that nothing answered yet.</summary>
    bool IsAnswered { get; }

    /// <summary>Sent with this and every later webhook; null when there is none.</summary>
    string? Tag { get; set; }

    /// <summary>How it is connected with other calls.</summary>
    ICallConnections Connections { get; }

    /// <summary>Its recordings.</summary>
    ICallRecording Recording { get; }

    /// <summary>Answers an inbound call; at once when it is answered already (bxml.md 10).</summary>
    Task AnswerAsync(CancellationToken cancellationToken);

    /// <summary>Tells an unanswered caller that it rings (180). Nothing on an answered call.</summary>
    void Ring();

    /// <summary>Plays the ring-back tone to the party; answered calls only.</summary>
    Task PlayRingBackAsync(TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Hears key presses from now on until disposed. Presses that nobody listens for are dropped.</summary>
    IDigitListener ListenForDigits();

    /// <summary>Key presses as webhooks, whatever runs.</summary>
    IKeyEvents Keys { get; }

    /// <summary>Streams of its audio.</summary>
    ICallStreams Streams { get; }

    /// <summary>Text of its audio while it goes on.</summary>
    ICallTranscriptions Transcriptions { get; }

    /// <summary>Sends tones (telephone-event) and pauses one after the other.</summary>
    Task SendDigitsAsync(IReadOnlyList<DigitTone> tones, CancellationToken cancellationToken);

    /// <summary>Everything that the party says is played back to it until the duration is over.</summary>
    Task EchoAsync(TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a synchronous webhook. The outcome is <see cref="VerbOutcome.Replace"/> with the document that came back, or
    /// <see cref="VerbOutcome.End(string, string?)"/> with callback-error or invalid-bxml.
    /// </summary>
    Task<VerbOutcome> CallbackAsync(VerbCallback callback, CancellationToken cancellationToken);

    /// <summary>The conferences that it may join.</summary>
    ICallConferences Conferences { get; }

    /// <summary>Sends an asynchronous webhook and goes on; whatever comes of it has no effect on the call.</summary>
    void Notify(VerbNotice notice);
}

/// <summary>Key presses of the party in order.</summary>
internal interface IDigitListener : IDisposable
{
    /// <summary>The next digit (0-9 * # A-D), waited for.</summary>
    ValueTask<char> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>One step of SendDtmf.</summary>
/// <param name="Digit">0-9 * # A-D; null for silence alone.</param>
/// <param name="Duration">Of the tone, or of the silence.</param>
/// <param name="Interval">Silence after a tone.</param>
internal readonly record struct DigitTone(char? Digit, TimeSpan Duration, TimeSpan Interval);

/// <summary>A webhook of a verb.</summary>
/// <param name="EventType">gather, redirect, ...</param>
/// <param name="Primary">Where it goes, already resolved.</param>
/// <param name="Fallback">Where it goes when the first fails; null for nowhere.</param>
/// <param name="WriteFields">Writes the properties beyond those that all events have; null for none.</param>
internal sealed record VerbCallback(string EventType, WebhookTarget Primary, WebhookTarget? Fallback, Action<Utf8JsonWriter>? WriteFields = null)
{
    /// <summary>In place of the call's own, of what the event tells of; null for the call's.</summary>
    public DateTimeOffset? StartTime { get; init; }
}

/// <summary>An asynchronous webhook of a verb.</summary>
/// <param name="EventType">dtmf, recordingAvailable, ...</param>
/// <param name="Target">Where it goes, already resolved.</param>
/// <param name="WriteFields">Writes the properties beyond those that all events have; null for none.</param>
internal sealed record VerbNotice(string EventType, WebhookTarget Target, Action<Utf8JsonWriter>? WriteFields = null);
