using System.Net.Sockets;

namespace Sipstead.Sip.Transport;

/// <summary>
/// A socket's stream on which a read of nothing ends only once there is something to read, or the end. The framework's own ends also for octets that were
/// taken meanwhile, and who then borrows a buffer, SslStream too, holds it for as long as the connection is idle.
/// </summary>
internal sealed class PatientStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? WaitAsync(cancellationToken) : base.ReadAsync(buffer, cancellationToken);

    private async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
#pragma warning disable CA2022 // nothing is read
        do await base.ReadAsync(Memory<byte>.Empty, cancellationToken);
#pragma warning restore CA2022
        while (!Socket.Poll(0, SelectMode.SelectRead));
        return 0;
    }
}
