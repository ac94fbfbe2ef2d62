using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Uas;

/// <summary>Answers datagrams that say what was read whole and answered before, so that they need not be read whole again.</summary>
public interface IRepeatHandler
{
    /// <summary>Answers a datagram. False, with nothing done, for one that is to be read whole.</summary>
    bool TryHandle(byte[] buffer, int offset, int length, in SipFlow flow, SipReply reply);
}
