using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;

namespace Sipstead.Sip.Tests.Transport;

/// <summary>Notes what it is given, answers as told, and fails commits on demand.</summary>
internal sealed class FakeReceiver : ISipReceiver
{
    /// <summary>Each message as its index saw it.</summary>
    public List<string> Received { get; } = [];

    /// <summary>Bodies of the messages.</summary>
    public List<string> Bodies { get; } = [];

    public int Commits { get; private set; }

    public bool CommitSucceeds { get; set; } = true;

    /// <summary>What to answer a message with; nothing by default.</summary>
    public Action<SipMessage, SipReply> Answer { get; set; } = (_, _) => { };

    public void Receive(SipMessage message, in SipFlow flow, SipReply reply)
    {
        Received.Add(MessageSnapshot.Of(message));
        Bodies.Add(ParsedMessage.Text(message.Body));
        Answer(message, reply);
    }

    public bool Commit()
    {
        Commits++;
        return CommitSucceeds;
    }

    public void Refuse(SipMessage message, in SipFlow flow, SipReply reply)
    {
        reply.Writer.Text("refused "u8);
        reply.Writer.Value(message.Body);
        reply.Writer.Text("\n"u8);
    }
}
