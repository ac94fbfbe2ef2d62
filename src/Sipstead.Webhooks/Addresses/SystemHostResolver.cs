using System.Net;
using System.Net.Sockets;

namespace Sipstead.Webhooks.Addresses;

/// <summary>The system's resolver. <c>localhost</c> and names below it are never asked for: they mean loopback (RFC 6761 6.3).</summary>
public sealed class SystemHostResolver : IHostResolver
{
    /// <summary>Lookups at a time in the process; more wait for as long as their requests do.</summary>
    private const int MaxLookups = 32;

    private const int MaxNameLength = 255;

    private static readonly IReadOnlyList<IPAddress> Loopback = [IPAddress.Loopback, IPAddress.IPv6Loopback];
    private static readonly SemaphoreSlim Lookups = new(MaxLookups);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (IsLocalhost(host.TrimEnd('.'))) return Loopback;
        if (host.Length > MaxNameLength) throw new SocketException((int)SocketError.HostNotFound);
        await Lookups.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await LookUpAsync(host).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The system's lookup blocks, for many seconds when a name server is silent: on a thread of its own it keeps no other work waiting.</summary>
    private static Task<IPAddress[]> LookUpAsync(string host) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                return Dns.GetHostAddresses(host);
            }
            finally
            {
                Lookups.Release();
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static bool IsLocalhost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
