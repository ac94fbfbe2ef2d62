using Sipstead.Sip.Digest;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Trace;

namespace Sipstead.Sip.Sessions;

/// <summary>An INVITE to send. No text can end a header line, whatever it holds; one that makes the request malformed fails it with 400.</summary>
public sealed record OutboundInvite
{
    public required string RequestUri { get; init; }

    /// <summary>A whole name-addr without tag, such as <c>"Name" &lt;sip:+15551234@host&gt;</c>.</summary>
    public required string From { get; init; }

    /// <summary>A name-addr.</summary>
    public required string To { get; init; }

    /// <summary>The SDP offer.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Values of Route headers, in order (RFC 3261 20.34).</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Further headers, such as P-Asserted-Identity, Privacy, User-To-User.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Hops that it may take: those that are left of a call that is passed on, else 70 (RFC 3261 8.1.1.6).</summary>
    public int MaxForwards { get; init; } = 70;

    /// <summary>Call-ID; a random one when not set.</summary>
    public string? CallId { get; init; }

    /// <summary>User part of our Contact; none when not set.</summary>
    public string? ContactUser { get; init; }

    /// <summary>Host that Via and Contact carry; when not set, that of <see cref="SipSessionOptions"/>, else the flow's own address.</summary>
    public string? LocalHost { get; init; }

    /// <summary>Finds the way for ACK and what follows, for a far end that did not come to us; when not set, all goes over the flow where the peer was seen.</summary>
    public INextHops? NextHops { get; init; }

    /// <summary>What the far end's challenges are met with, in this call alone; none are met when not set.</summary>
    public DigestLogin? Login { get; init; }

    /// <summary>Whom the messages of the session concern; not traced when not set.</summary>
    public TraceSubject Trace { get; init; }
}
