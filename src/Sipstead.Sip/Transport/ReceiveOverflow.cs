using Microsoft.Extensions.Logging;

namespace Sipstead.Sip.Transport;

/// <summary>
/// Makes visible what the kernel drops unseen while a UDP socket's receive buffer is full: a count, and one line of the log when it begins and one when it
/// has ended. The kernel's own count is read at intervals, so that it costs nothing for each datagram.
/// </summary>
internal sealed class ReceiveOverflow(TransportAddress local, SipMetrics metrics, ILogger logger)
{
    private uint _seen;
    private long _inThis;

    /// <summary>Takes note of the kernel's count, which wraps.</summary>
    public void Note(uint dropped)
    {
        var more = unchecked(dropped - _seen);
        _seen = dropped;
        if (more > 0)
        {
            metrics.Dropped("receive buffer full", (int)Math.Min(more, int.MaxValue));
            if (_inThis == 0) SipLog.OverflowBegan(logger, local, more);
            _inThis += more;
        }
        else if (_inThis > 0)
        {
            SipLog.OverflowEnded(logger, local, _inThis);
            _inThis = 0;
        }
    }
}
