using Sipstead.Sip.Digest;

namespace Sipstead.Registrar.History;

/// <summary>
/// Tells a phone that does not take its new nonce from all others, which are challenged with <c>stale=true</c> once for each nonce that has grown old. Of a
/// fixed size: a nonce that another one pushed out is noticed one request later. Thread-safe.
/// </summary>
internal sealed class StaleNonces
{
    private const int Slots = 4096;

    private readonly Lock _lock = new();
    private readonly (long Sequence, ulong RequestHash)[] _slots = new (long, ulong)[Slots];

    /// <summary>Notes a nonce that is answered stale. True when it was before, to another request; the same one again is a repeat on the way.</summary>
    public bool IsUsedAgain(in NonceContent nonce, ulong requestHash)
    {
        lock (_lock)
        {
            ref var slot = ref _slots[(int)((ulong)nonce.Sequence % Slots)];
            var isUsedAgain = slot.Sequence == nonce.Sequence && slot.RequestHash != requestHash;
            slot = (nonce.Sequence, requestHash);
            return isUsedAgain;
        }
    }
}
