using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Transport;

/// <summary>
/// What listeners hand messages to. An instance belongs to one receiving loop at a time and needs no locks of its own. A batch is any number of
/// <see cref="Receive"/> and <see cref="Refuse"/> calls closed by one <see cref="Commit"/>; replies leave after it.
/// </summary>
public interface ISipReceiver
{
    /// <summary>
    /// Takes a datagram that is answered without being read whole, because it says what was read whole before. False, with nothing done, for any other, which
    /// then goes through <see cref="Receive"/>.
    /// </summary>
    bool TryReceiveRepeat(byte[] buffer, int offset, int length, in SipFlow flow, SipReply reply) => false;

    /// <summary>Takes one indexed message, well-formed or not, and may write one reply.</summary>
    void Receive(SipMessage message, in SipFlow flow, SipReply reply);

    /// <summary>Makes the batch's changes durable. False when they were taken back: replies that await the commit must become 503.</summary>
    bool Commit();

    /// <summary>Writes the 503 for a message whose change was taken back.</summary>
    void Refuse(SipMessage message, in SipFlow flow, SipReply reply);
}

/// <summary>Makes receivers, one for each receiving loop.</summary>
public interface ISipReceiverFactory
{
    ISipReceiver Create();
}
