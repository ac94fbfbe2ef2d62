using System.Globalization;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Trunks;

/// <summary>
/// Checks a trunk once: OPTIONS to its targets, in the order in which a call would try them, until one answers (RFC 3261 11, RFC 3263 4.3). They are judged
/// and paused as those of calls are. No challenge is met.
/// </summary>
internal sealed class TrunkProbe(SessionLayer sessions, ForeignRoutes routes, TimeProvider time)
{
    /// <summary>Targets that are asked in one check.</summary>
    public const int MaxTargets = 3;

    /// <summary>How long a target may take: five datagrams on their way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <exception cref="OperationCanceledException">Nobody wants to know any more.</exception>
    public async Task<TrunkFinding> CheckAsync(TrunkEntry trunk, CancellationToken cancellationToken)
    {
        var location = await routes.LocateAsync(TrunkAddress.DestinationOf(trunk), cancellationToken);
        var failures = new List<TrunkFinding>();
        foreach (var target in location.Targets.Take(MaxTargets))
        {
            var finding = await AskAsync(TrunkAddress.UriOf(trunk), target, cancellationToken);
            if (finding.IsAlive) return finding;
            failures.Add(finding);
        }

        return failures.Count == 0 ? NoTargets(trunk.Host, location) : failures[^1] with { Reason = string.Join("; ", failures.Select(failure => failure.Reason)) };
    }

    private async Task<TrunkFinding> AskAsync(string uri, SipTarget target, CancellationToken cancellationToken)
    {
        var peer = $"{target.Address} over {target.Transport.Token()}";
        var way = await routes.FindWayAsync(target, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (way.Flow is not { } flow) return new TrunkFinding(TrunkCheckOutcome.Unreachable, Reason: $"no way to {peer}: {way.Problem}");
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var sent = time.GetTimestamp();
        var answer = await sessions.AskAsync(uri, flow, either.Token);
        var roundTrip = time.GetElapsedTime(sent);
        cancellationToken.ThrowIfCancellationRequested();
        if (!answer.IsSent) return new TrunkFinding(TrunkCheckOutcome.Unreachable, Reason: $"nothing can be sent to {peer}");
        if (answer.Response is not { } response)
            return new TrunkFinding(TrunkCheckOutcome.Silent, Reason: string.Create(CultureInfo.InvariantCulture, $"no answer within {Patience.TotalSeconds} s from {peer}"));
        if (response.StatusCode is not (503 or 408)) return new TrunkFinding(TrunkCheckOutcome.Answered, response.StatusCode, roundTrip);
        routes.Note(target, response);
        return new TrunkFinding(TrunkCheckOutcome.Unavailable, response.StatusCode, roundTrip, $"{peer} answered {response.StatusCode}");
    }

    private static TrunkFinding NoTargets(string host, SipLocation location) => location.Problem == LocationProblem.Paused
        ? new TrunkFinding(TrunkCheckOutcome.Unavailable, 503, Reason: $"{host} asked for a pause (503 with Retry-After) that is not over")
        : new TrunkFinding(TrunkCheckOutcome.NotLocated, Reason: $"{host} {location.Words}");
}
