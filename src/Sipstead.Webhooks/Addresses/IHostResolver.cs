using System.Net;
using System.Net.Sockets;

namespace Sipstead.Webhooks.Addresses;

/// <summary>Tells the addresses of a host name.</summary>
public interface IHostResolver
{
    /// <summary>The addresses, best first. Throws <see cref="SocketException"/> when there are none.</summary>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
