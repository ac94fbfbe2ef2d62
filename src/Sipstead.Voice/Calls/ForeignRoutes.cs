using System.Globalization;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>The ways to foreign SIP hosts (ruling 29), located by RFC 3263; datagrams leave from the port of the first account.</summary>
internal sealed class ForeignRoutes(
    SipLocator locator, ISipConnector connector, AvoidedTargets avoided, TimeProvider time, Func<int> localPort) : INextHops
{
    /// <summary>How long a connection may take before the next target is tried.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(4);

    /// <summary>How long an ACK may wait for its way to be found: the far end repeats its 2xx meanwhile.</summary>
    private static readonly TimeSpan NextHopTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Where a host is, without the targets that asked for a pause.</summary>
    public async Task<SipLocation> LocateAsync(SipDestination destination, CancellationToken cancellationToken)
    {
        var location = await locator.LocateAsync(destination, cancellationToken);
        var ready = location.Targets.Where(target => !avoided.Contains(target)).ToList();
        if (ready.Count == location.Targets.Count) return location;
        return ready.Count > 0 ? location with { Targets = ready } : new SipLocation([], LocationProblem.Paused);
    }

    /// <summary>The way to a target; null when there is none.</summary>
    public async Task<SipFlow?> ConnectAsync(SipTarget target, CancellationToken cancellationToken) =>
        await WaitAsync(patience => connector.ConnectAsync(target, localPort(), patience), cancellationToken);

    /// <summary>The way to a target, or what is wrong with it.</summary>
    public async Task<SipWay> FindWayAsync(SipTarget target, CancellationToken cancellationToken)
    {
        var way = await WaitAsync(patience => connector.FindWayAsync(target, localPort(), patience), cancellationToken);
        return way == default ? new SipWay(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {ConnectTimeout.TotalSeconds} s")) : way;
    }

    /// <summary>Waits for a connection, but not for long.</summary>
    private async Task<T?> WaitAsync<T>(Func<CancellationToken, ValueTask<T>> connect, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await connect(either.Token);
        }
        catch (OperationCanceledException)
        {
            return default;
        }
    }

    /// <summary>Notes the refusal of a target: after 503 with Retry-After it is left alone for that time (RFC 3261 21.5.4).</summary>
    public void Note(SipTarget target, SipMessage refusal)
    {
        if (refusal.StatusCode != 503) return;
        var value = refusal.Value(HeaderId.RetryAfter);
        var end = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (SipNumber.TryParse(end < 0 ? value : value[..end], int.MaxValue, out var seconds)) avoided.Avoid(target, TimeSpan.FromSeconds((long)seconds));
    }

    /// <inheritdoc/>
    public async Task<SipFlow?> FindAsync(SipDestination hop, SipFlow seen)
    {
        if (IsThere(hop, seen)) return seen;
        using var patience = new CancellationTokenSource(NextHopTimeout, time);
        try
        {
            foreach (var target in (await locator.LocateAsync(hop, patience.Token).ConfigureAwait(false)).Targets)
            {
                if (await connector.ConnectAsync(target, localPort(), patience.Token).ConfigureAwait(false) is { } flow) return flow;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any longer: it goes where the far end was seen.
        }

        return null;
    }

    /// <summary>True when the hop is the very address that the far end was seen at.</summary>
    private static bool IsThere(SipDestination hop, in SipFlow seen) =>
        hop.TransportOrDefault == seen.Transport && TransportAddress.TryParseHost(System.Text.Encoding.ASCII.GetBytes(hop.Host), hop.PortOrDefault, out var address)
        && address == seen.Source;
}
