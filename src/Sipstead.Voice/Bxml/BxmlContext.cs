namespace Sipstead.Voice.Bxml;

/// <summary>Where a document runs: it decides which verbs it may hold (bxml.md 3).</summary>
public enum BxmlContext
{
    /// <summary>On a call, as the answer to its webhooks or sent to it by PUT bxml.</summary>
    Call,

    /// <summary>On the leg that a Transfer called, before the two are connected: the answer to transferAnswer and to what follows from it.</summary>
    TransferAnswer,

    /// <summary>In a conference: the answer to its events, or sent to it by PUT bxml.</summary>
    Conference,
}
