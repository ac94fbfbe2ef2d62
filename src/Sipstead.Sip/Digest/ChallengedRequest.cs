using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Digest;

/// <summary>
/// One request that may be challenged. It is sent again with credentials once, and once more where the far end says that only the nonce was too old: a far
/// end with a new nonce each time gets no more (AUTH-21, S-08).
/// </summary>
/// <param name="isInvite">Whether it is the INVITE that begins the call.</param>
internal sealed class ChallengedRequest(DigestClient client, bool isInvite = false)
{
    /// <summary>About how many octets credentials have.</summary>
    public const int TypicalLength = 300;

    private const int MaxAnswers = 2;

    private ReceivedChallenge? _challenge;
    private int _answers;

    /// <summary>True when a final response asks for credentials and the request may be sent again with them.</summary>
    public bool TryMeet(SipMessage response, in SipFlow flow)
    {
        if (_answers == MaxAnswers || client.Find(response, flow, isInvite) is not { } challenge || (_answers > 0 && !challenge.IsStale)) return false;
        _answers++;
        _challenge = challenge;
        return true;
    }

    /// <summary>Writes credentials, where they were asked for; each time with the next nonce count.</summary>
    /// <returns>The line, which the ACK of a 2xx repeats (RFC 3261 13.2.2.4).</returns>
    public byte[] Write(SipWriter writer, ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> body)
    {
        if (_challenge is null) return [];
        var start = writer.Length;
        client.Write(writer, _challenge, method, uri, body);
        return writer.Written[start..].ToArray();
    }
}
