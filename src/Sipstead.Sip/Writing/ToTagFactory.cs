using System.IO.Hashing;
using System.Security.Cryptography;
using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Writing;

/// <summary>
/// To tags for stateless answers: a keyed hash of what identifies the request, so that a repeat gets the same tag without anything being kept
/// (RFC 3261 8.2.7, UAS-07).
/// </summary>
public sealed class ToTagFactory
{
    private readonly long _key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    public ulong Create(SipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var hash = XxHash3.HashToUInt64(message.Value(HeaderId.CallId), _key);
        hash = XxHash3.HashToUInt64(message.Value(HeaderId.From), (long)hash);
        return XxHash3.HashToUInt64(message.Value(HeaderId.Via), (long)hash);
    }
}
