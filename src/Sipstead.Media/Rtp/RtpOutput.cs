namespace Sipstead.Media.Rtp;

/// <summary>Sends packets from a socket to a destination that may change; without one, nowhere.</summary>
internal sealed class RtpOutput(MediaSocket socket, MediaMetrics metrics) : IPacketOutput
{
    public MediaAddress Destination { get; set; }

    public void Send(ReadOnlySpan<byte> packet)
    {
        if (!Destination.IsNone && !socket.TrySend(packet, Destination)) metrics.Unsent();
    }
}
