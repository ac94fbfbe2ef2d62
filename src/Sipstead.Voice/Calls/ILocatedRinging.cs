using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>Rings far ends that are found by their hosts, one way after the other. Belongs to the call's mailbox.</summary>
internal interface ILocatedRinging : IRinging
{
    /// <summary>True when somebody gave a final answer.</summary>
    bool HasAnswer { get; }

    /// <summary>Why nobody was reached, in words.</summary>
    string Problem { get; }

    /// <summary>Rings where there is a way to next. False when there is nothing left, which is the end of the call.</summary>
    Task<bool> TryNextAsync();

    /// <summary>Notes the response that refused a session.</summary>
    void Note(OutboundSession session, SipMessage refusal);
}
