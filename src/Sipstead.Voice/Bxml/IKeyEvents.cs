using Sipstead.Webhooks;

namespace Sipstead.Voice.Bxml;

/// <summary>A webhook for each key that the call's party presses, whatever runs meanwhile (bxml.md 5.2). On the call's mailbox.</summary>
internal interface IKeyEvents
{
    /// <summary>Tells each key from now on; where they were told already, now there.</summary>
    void Start(WebhookTarget target);

    /// <summary>Tells no more. Nothing when none are told.</summary>
    void Stop();

    /// <summary>Keys that are pressed until the result is disposed belong to somebody else, and are not told.</summary>
    IDisposable Pause();
}
