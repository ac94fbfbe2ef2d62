using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Uas;

/// <summary>What one method does, after the checks that all methods share. Belongs to one receiving loop, like its <see cref="UasCore"/>.</summary>
public interface IRequestHandler
{
    SipMethod Method { get; }

    /// <summary>Handles one valid request and writes at most one response.</summary>
    void Handle(in SipRequest request, in SipFlow flow, in SipResponder responder);
}

/// <summary>What handlers change together and make durable together; see <see cref="ISipReceiver.Commit"/>.</summary>
public interface IRequestBatch
{
    bool Commit();
}
