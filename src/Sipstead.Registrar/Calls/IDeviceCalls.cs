using Sipstead.Sip.Sessions;

namespace Sipstead.Registrar.Calls;

/// <summary>Takes calls of authenticated devices and of trunks. Implemented by the voice side. Called on a receiving loop: must not block.</summary>
public interface IDeviceCalls
{
    /// <summary>Takes a call, which has had its 100: attach a listener, then answer or refuse it.</summary>
    void Receive(long accountId, long realmId, long credentialId, InboundSession session);

    /// <summary>Takes a call that came in by a trunk, in the same way.</summary>
    void Receive(TrunkCall call, InboundSession session);
}
