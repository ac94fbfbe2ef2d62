using Sipstead.Media.Rtp;

namespace Sipstead.Media.Srtp;

/// <summary>
/// The encryption of one party's media both ways, over changes of keys. A key that stays keeps its numbers: counting anew under the same key would use
/// keystream twice. Belongs to one thread at a time.
/// </summary>
internal sealed class SrtpSession : IDisposable
{
    private SrtpKeys _keys;
    private SrtpSender _sender;
    private SrtpReceiver _receiver;

    /// <summary>For the key before, until the party uses the new one: it goes on with the old one until it has our answer.</summary>
    private SrtpReceiver? _former;

    public SrtpSession(SrtpKeys keys)
    {
        _keys = keys;
        _sender = new SrtpSender(keys.Send);
        _receiver = new SrtpReceiver(keys.Receive);
    }

    public SrtpSuite Suite => _keys.Send.Suite;

    /// <summary>Takes the keys of a new agreement.</summary>
    public void Change(SrtpKeys keys)
    {
        if (!keys.Send.IsSame(_keys.Send))
        {
            _sender.Dispose();
            _sender = new SrtpSender(keys.Send);
        }

        if (!keys.Receive.IsSame(_keys.Receive))
        {
            _former?.Dispose();
            _former = _receiver;
            _receiver = new SrtpReceiver(keys.Receive);
        }

        _keys = keys;
    }

    public bool TryProtect(Span<byte> octets, ref int length) => _sender.TryProtect(octets, ref length);

    public bool TryProtectRtcp(Span<byte> octets, ref int length) => _sender.TryProtectRtcp(octets, ref length);

    public PacketFate Unprotect(Span<byte> octets, bool isRtcp, out int length)
    {
        var fate = isRtcp ? _receiver.UnprotectRtcp(octets, out length) : _receiver.Unprotect(octets, out length);
        if (_former is null) return fate;
        if (fate == PacketFate.Authentication) return isRtcp ? _former.UnprotectRtcp(octets, out length) : _former.Unprotect(octets, out length);
        if (!_receiver.HasTaken) return fate;
        _former.Dispose();
        _former = null;
        return fate;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _former?.Dispose();
    }
}
