using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sipstead.Webhooks.Addresses;

/// <summary>Opens connections: resolves the name once, judges each address, and connects to exactly the one judged, so that no second answer counts.</summary>
internal sealed class GuardedConnector(
    AddressPolicy policy, IHostResolver resolver, WebhookMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>Addresses of one name that are tried.</summary>
    private const int MaxAddresses = 8;

    /// <summary>How long one address may keep the next one waiting: a broken IPv6 way must not use up the time of the request.</summary>
    private static readonly TimeSpan NextAddressAfter = TimeSpan.FromSeconds(3);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        IReadOnlyList<IPAddress> addresses =
            IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        var allowed = addresses.Where(policy.Allows).Take(MaxAddresses).ToList();
        if (allowed.Count == 0 && addresses.Count > 0) throw Refuse(host, addresses[0]);
        Exception? failure = null;
        for (var i = 0; i < allowed.Count; i++)
        {
            try
            {
                return await ConnectAsync(allowed[i], port, isLast: i == allowed.Count - 1, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                failure = e;
            }
        }

        throw failure as SocketException ?? new SocketException((int)(failure is null ? SocketError.HostNotFound : SocketError.TimedOut));
    }

    private async ValueTask<Stream> ConnectAsync(IPAddress address, int port, bool isLast, CancellationToken cancellationToken)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        using var patience = new CancellationTokenSource(isLast ? Timeout.InfiniteTimeSpan : NextAddressAfter, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), either.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private AddressRefusedException Refuse(string host, IPAddress address)
    {
        metrics.Refused(AddressPolicy.Address);
        WebhooksLog.AddressRefused(logger, host, address);
        return new AddressRefusedException();
    }
}

/// <summary>Carries a refusal through the HTTP stack, which knows only exceptions on this way.</summary>
internal sealed class AddressRefusedException() : IOException("The address is not allowed.");
