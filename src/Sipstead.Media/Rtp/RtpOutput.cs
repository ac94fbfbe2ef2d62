using Sipstead.Media.Srtp;

namespace Sipstead.Media.Rtp;

/// <summary>Sends packets from a socket to a destination that may change; without one, nowhere.</summary>
internal sealed class RtpOutput(MediaSocket socket, MediaMetrics metrics) : IPacketOutput
{
    private readonly byte[] _protected = new byte[RtpSender.MaxPacket + SrtpSuite.MaxOverhead];

    public MediaAddress Destination { get; set; }

    /// <summary>What encrypts; null for media in clear.</summary>
    public SrtpSession? Encryption { get; set; }

    public void Send(ReadOnlySpan<byte> packet)
    {
        if (Destination.IsNone) return;
        var length = packet.Length;
        if (Encryption is { } encryption)
        {
            packet.CopyTo(_protected);
            if (!encryption.TryProtect(_protected, ref length))
            {
                metrics.Unsent();
                return;
            }

            packet = _protected.AsSpan(0, length);
        }

        if (!socket.TrySend(packet, Destination)) metrics.Unsent();
    }
}
